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

// The line broke: said beside the row, and everything stays as it was typed.
function sayNoLine(form) {
  form.querySelector(".no-line")?.remove();
  form.querySelector(".note").append(document.getElementById("no-line").content.cloneNode(true));
}

async function save(form) {
  const measure = form.elements.measure.value;
  const others = typed();
  others.delete(measure);
  const next = form.closest(".task").nextElementSibling?.id ?? form.closest(".grp").nextElementSibling?.querySelector(".task")?.id;
  const button = form.querySelector("button");
  button.disabled = true;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  } catch {
    button.disabled = false;
    sayNoLine(form);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("today")) {
    sessionStorage.setItem(KEPT, JSON.stringify([...typed()]));
    location.reload(); // logged out meanwhile, or an error page
    return;
  }
  const more = typed(); // also what was typed while the answer was on its way
  more.delete(measure);
  list().replaceWith(page.getElementById("today"));
  document.querySelector(".msgs")?.replaceChildren(...(page.querySelector(".msgs")?.childNodes ?? []));
  restore(new Map([...others, ...more]));
  const refused = document.querySelector(`#t${measure} [aria-invalid]`);
  const following = next && document.querySelector(`#${next} input[type=radio]:checked, #${next} input[type=radio]`);
  (refused ?? following ?? document.getElementById("main")).focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.entry")) return;
  event.preventDefault();
  save(event.target);
});

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  restore(new Map(JSON.parse(kept)));
}
