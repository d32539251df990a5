// The list of today: saves one row without losing what is being typed in the others.
// Without this script every row is an ordinary form.
"use strict";

const KEPT = "typed-today"; // in this tab only, from a save that led elsewhere until the list is open again
const PATIENCE = 60000; // ms without an answer after which a line counts as broken: others wait behind it
const LONG = 20000; // signs: browsers refuse to finish sending more than 64 KB after the page was left

const list = () => document.getElementById("today");
const forms = () => [...list().querySelectorAll("form.entry")];
const measureOf = (form) => form.elements.measure.value;
const rowOf = (measure) => document.getElementById(`t${measure}`);
const formOf = (measure) => rowOf(measure)?.querySelector("form.entry");

const saving = new Set(); // measures that were sent and whose answer has not come
let isLeaving = false;

// What was refused stands nowhere but here, so it counts as typed.
function isTyped(form) {
  const { note, status } = form.elements;
  const isChosen = [...status].some((radio) => radio.checked && !radio.defaultChecked);
  return note.matches("[aria-invalid]") || note.value !== note.defaultValue || isChosen;
}

function keepAndReload() {
  const typed = forms().filter(isTyped).map((form) => {
    const { seen, note, status } = form.elements;
    return [measureOf(form), { seen: seen.value, note: note.value, status: status.value }];
  });
  sessionStorage.setItem(KEPT, JSON.stringify(typed));
  isLeaving = true;
  location.reload();
}

// With what was seen when it was typed: a report that somebody else made meanwhile is then told.
function restore(typed) {
  for (const [measure, values] of typed) {
    const form = formOf(measure);
    if (form) for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  }
}

// What is sent is what is seen: nothing is added to a row while it is on its way.
function hold(form, isHeld) {
  form.querySelector("button").disabled = isHeld;
  form.elements.note.readOnly = isHeld;
}

// Nothing was saved: said beside the row, and everything stays as it was typed.
function sayNotSaved(measure) {
  const form = formOf(measure);
  if (!form) return; // it left the list: reported in another window
  hold(form, false);
  form.querySelector(".no-line")?.remove();
  form.querySelector(".note").append(document.getElementById("no-line").content.cloneNode(true));
}

async function ask(action, data) {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), PATIENCE);
  try {
    const answer = await fetch(action, {
      method: "POST", body: data, credentials: "same-origin", signal: silence.signal,
      keepalive: data.get("note").length < LONG,
    });
    return [answer, await answer.text()];
  } finally {
    clearTimeout(timer);
  }
}

async function save(measure, action, data) {
  if (isLeaving) return;
  const row = rowOf(measure);
  const next = row?.nextElementSibling?.id ?? row?.closest(".grp").nextElementSibling?.querySelector(".task")?.id;
  let answer;
  let text;
  try {
    [answer, text] = await ask(action, data);
  } catch {
    sayNotSaved(measure); // the line broke
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  if (page.getElementById("today")) renew(page, measure, next);
  else if (answer.redirected || answer.status === 403) keepAndReload(); // logged out meanwhile
  else sayNotSaved(measure); // the site stumbled
}

// Puts the answer in the place of the list. Whoever works in another row stays in it, and what is typed, refused or on
// its way there stays as it stands, with what was seen and with its token.
function renew(page, measure, next) {
  const at = document.activeElement;
  const itsRow = at.closest(".task");
  const marks = at.name === "note" && [at.selectionStart, at.selectionEnd];
  const isFree = at === document.body || (itsRow !== null && itsRow === rowOf(measure));
  const isKept = (form) => saving.has(measureOf(form)) || isTyped(form) || form.contains(at);
  const kept = forms().filter((form) => measureOf(form) !== measure && isKept(form));
  list().replaceWith(page.getElementById("today"));
  for (const form of kept) formOf(measureOf(form))?.replaceWith(form);
  document.querySelector(".msgs")?.replaceChildren(...(page.querySelector(".msgs")?.childNodes ?? []));

  const refused = rowOf(measure)?.querySelector("[aria-invalid]");
  if (isFree) {
    const following = document.getElementById(next)?.querySelector("form.entry");
    const status = following?.querySelector(":checked") ?? following?.querySelector("[type=radio]");
    (refused ?? status ?? document.getElementById("main")).focus();
    return;
  }
  const same = at.isConnected ? at : document.querySelector(itsRow ? `#${itsRow.id} h3 a` : "#main");
  (same ?? document.getElementById("main")).focus();
  if (marks) at.setSelectionRange(...marks);
  if (refused) rowOf(measure).querySelector(".err").setAttribute("role", "alert");
}

let line = Promise.resolve(); // one save after another, so that the newest answer is the newest list

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.entry")) return;
  event.preventDefault();
  const measure = measureOf(form);
  if (saving.has(measure)) return; // pressed twice
  const data = new FormData(form);
  saving.add(measure);
  hold(form, true);
  line = line
    .then(() => save(measure, form.action, data))
    .catch(() => sayNotSaved(measure)) // whatever it was, the others go on
    .then(() => saving.delete(measure));
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("form.entry");
  if (form && event.target.type === "radio" && saving.has(measureOf(form))) event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (isLeaving || (!saving.size && !forms().some(isTyped))) return;
  event.preventDefault();
  event.returnValue = "";
});

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  restore(JSON.parse(kept));
}
