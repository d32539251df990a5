// The list of today: saves one row without losing what is being typed in the others.
// Without this script every row is an ordinary form.
"use strict";

const KEPT = "typed-today"; // in this tab only, from a save that led elsewhere until the list is open again

const list = () => document.getElementById("today");

function typed() {
  const values = new Map();
  for (const form of list().querySelectorAll("form.entry")) {
    const note = form.elements.note;
    const status = [...form.elements.status].find((radio) => radio.checked && !radio.defaultChecked);
    if (note.value !== note.defaultValue || status) values.set(form.elements.measure.value, { note: note.value, status: status?.value });
  }
  return values;
}

function restore(values) {
  for (const form of list().querySelectorAll("form.entry")) {
    const value = values.get(form.elements.measure.value);
    if (!value) continue;
    form.elements.note.value = value.note;
    for (const radio of form.elements.status) if (radio.value === value.status) radio.checked = true;
  }
}

const rowOf = (measure) => document.getElementById(`t${measure}`);

// Nothing was saved: said beside the row, and everything stays as it was typed.
function sayNotSaved(measure) {
  const row = rowOf(measure);
  row.querySelector("button").disabled = false;
  row.querySelector(".no-line")?.remove();
  row.querySelector(".note").append(document.getElementById("no-line").content.cloneNode(true));
}

async function save(measure, action, data) {
  const row = rowOf(measure);
  const next = row?.nextElementSibling?.id ?? row?.closest(".grp").nextElementSibling?.querySelector(".task")?.id;
  let answer;
  try {
    answer = await fetch(action, { method: "POST", body: data, credentials: "same-origin" });
  } catch {
    sayNotSaved(measure); // the line broke
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("today")) {
    if (answer.redirected || answer.status === 403) {
      sessionStorage.setItem(KEPT, JSON.stringify([...typed()]));
      location.reload(); // logged out meanwhile
    } else {
      sayNotSaved(measure); // the site stumbled
    }
    return;
  }
  const others = typed(); // also what was typed while the answer was on its way
  others.delete(measure);
  list().replaceWith(page.getElementById("today"));
  document.querySelector(".msgs")?.replaceChildren(...(page.querySelector(".msgs")?.childNodes ?? []));
  restore(others);
  const refused = rowOf(measure)?.querySelector("[aria-invalid]");
  const following = next && document.querySelector(`#${next} input[type=radio]:checked, #${next} input[type=radio]`);
  (refused ?? following ?? document.getElementById("main")).focus();
}

let line = Promise.resolve(); // one save after another, so that the newest answer is the newest list

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.entry")) return;
  event.preventDefault();
  const measure = form.elements.measure.value;
  const data = new FormData(form);
  form.querySelector("button").disabled = true;
  line = line.then(() => save(measure, form.action, data));
});

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  restore(new Map(JSON.parse(kept)));
}
