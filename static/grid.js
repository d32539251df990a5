// The grid of party projects: its cells are walked through like those of a spreadsheet, and each is saved when it is left.
// Without this script the grid is one form with one button.
"use strict";

const FIRST_WAIT = 4000; // ms until what a broken line kept back is tried again; then twice as long, and so on
const LONGEST_WAIT = 64000;
const PATIENCE = 30000; // ms without an answer after which a line counts as broken: other cells wait behind it

const form = document.querySelector("[data-grid]");
const words = document.getElementById("grid-words").dataset;
const standing = form.querySelector("[data-standing]");
const missed = form.querySelector("[data-unplaced]");
const KEPT = `grid:${form.dataset.grid}`; // in this tab only, while somebody logs in again
const PHONE = matchMedia("(max-width: 39.99rem)");

const bare = (text) => text.replace(/\s/g, "");
const isSame = (one, other) => Object.keys(one).every((name) => bare(one[name]) === bare(other[name]));

// ----- cells ---------------------------------------------------------------------------------------------------------
// { key, slot, td, input, fields: {value, said, note}, saved: what the site has, tried: what was last sent,
//   unanswered: how often it was sent without an answer yet, waits: to be tried again, isUnsure: an answer was lost }

const cells = new Map();
for (const td of form.querySelectorAll("td[data-cell]")) {
  const input = td.querySelector("input");
  if (input.disabled) continue;
  const key = td.dataset.cell;
  const fields = { value: input };
  for (const name of ["said", "note"]) {
    if (form.elements[`${key}-${name}`]) fields[name] = form.elements[`${key}-${name}`];
  }
  const cell = { key, slot: td.dataset.slot, td, input, fields, saved: null, tried: null };
  Object.assign(cell, { unanswered: 0, waits: false, isUnsure: false });
  if (td.dataset.state !== "refused") cell.saved = printed(cell); // or sent by the button, and come back
  cells.set(key, cell);
}

// What the site sent, whatever was typed before this script came.
function printed(cell) {
  const chosen = ({ options }) => (Array.from(options).find((option) => option.defaultSelected) || options[0]).value;
  const pairs = Object.entries(cell.fields);
  return Object.fromEntries(pairs.map(([name, field]) => [name, field.options ? chosen(field) : field.defaultValue]));
}

function typed(cell) {
  return Object.fromEntries(Object.entries(cell.fields).map(([name, field]) => [name, field.value]));
}

const isWhole = (input) => input.selectionStart === 0 && input.selectionEnd === input.value.length; // is marked

function cellOf(element) {
  const own = element && element.closest && element.closest("[data-cell], [data-way]");
  return own && cells.get(own.dataset.cell || own.dataset.way);
}

// From what the site has, or will have once it answers.
function isChanged(cell) {
  const known = cell.unanswered ? cell.tried : cell.saved;
  return known === null || (cell.isUnsure && !cell.unanswered) || !isSame(typed(cell), known);
}

const inState = (...states) => [...cells.values()].filter((cell) => states.includes(cell.td.dataset.state));

function show(cell, state, reasons = []) {
  cell.td.dataset.state = state;
  cell.input.title = state === "changed" ? words.notSaved : cell.words === undefined ? cell.input.title : cell.words;
  const why = cell.td.querySelector(".aloud");
  const text = reasons.join(" ") || (state === "refused" ? why.querySelector("[data-why]").textContent : cell.aside);
  if (text !== undefined) {
    why.querySelector("[data-why]").textContent = text;
    why.hidden = !text;
    if (text) cell.input.setAttribute("aria-describedby", why.id);
    else cell.input.removeAttribute("aria-describedby");
  }
  if (state !== "refused") for (const field of Object.values(cell.fields)) field.removeAttribute("aria-invalid");
  tell();
}

// Where the whole grid stands, in words.
function tell() {
  const unsaved = inState("changed", "saving").length;
  const refused = inState("refused").length;
  const isBroken = inState("changed").some((cell) => cell.waits);
  let text = inState("fresh").length ? words.saved : standing.textContent;
  let tone = "";
  if (isBroken) [text, tone] = [words.offline.replace("{n}", unsaved), "fail"];
  else if (refused) [text, tone] = [words.refused.replace("{n}", refused), "fail"];
  else if (inState("changed").length) [text, tone] = [words.unsaved.replace("{n}", unsaved), "late"];
  else if (unsaved) text = words.saving;
  if (standing.textContent !== text) standing.textContent = text;
  standing.dataset.tone = tone;
}

// The state of a cell that is neither refused nor waits for a line.
function showState(cell) {
  if (isChanged(cell)) show(cell, "changed");
  else if (cell.unanswered) show(cell, "saving");
  else show(cell, cell.isFresh ? "fresh" : cell.saved.value || cell.saved.said ? "saved" : "empty");
}

// What is marked to be written over stays marked; where the cursor stands in it, spaces alone do not move it.
function putBack(cell) {
  if (cell.saved === null) return;
  const { input } = cell;
  const isMarked = document.activeElement === input && isWhole(input);
  for (const [name, field] of Object.entries(cell.fields)) {
    const isTypedIn = field === document.activeElement && !isMarked;
    if (!isTypedIn || bare(field.value) !== bare(cell.saved[name])) field.value = cell.saved[name];
  }
  if (isMarked) input.select();
  cell.waits = false;
  showState(cell);
}

// ----- saving --------------------------------------------------------------------------------------------------------

let line = Promise.resolve(); // one after another: what one save answers, the next one must know
let wait = FIRST_WAIT;
let timer = 0;
let isLeaving = false;

// What is sent is what stood there now, whatever is typed until its turn comes.
function save(cell) {
  const sent = typed(cell);
  cell.tried = sent;
  cell.waits = false;
  cell.unanswered += 1;
  show(cell, "saving");
  line = line.then(() => send(cell, sent)).catch(() => keepForLater(cell));
}

async function send(cell, sent) {
  if (isLeaving) return;
  let told = null;
  try {
    told = await ask(cell, sent);
  } catch {
    cell.isUnsure = true; // the line broke, or the site stumbled: perhaps it has it, perhaps not
  }
  cell.unanswered -= 1;
  if (isLeaving) return;
  if (told) take(cell, sent, told);
  else if (!cell.unanswered) keepForLater(cell);
}

async function ask(cell, sent) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "submission", "source", `${cell.slot}-seen`]) {
    data.set(name, form.elements[name].value);
  }
  for (const [name, value] of Object.entries(sent)) data.set(`${cell.key}-${name}`, value);
  const silence = new AbortController();
  const patience = setTimeout(() => silence.abort(), PATIENCE);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin",
      signal: silence.signal,
    });
    if (answer.redirected || answer.status === 403) {
      keepAndReload(); // logged out meanwhile
      return null;
    }
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status)); // told once more later
    return await answer.json();
  } finally {
    clearTimeout(patience);
  }
}

function take(cell, sent, told) {
  wait = FIRST_WAIT;
  for (const [row, sum] of Object.entries(told.rows)) {
    const place = form.querySelector(`[data-row="${row}"]`);
    if (place) place.textContent = sum; // an indicator that came meanwhile has none here
  }
  const now = told.cells[cell.key];
  if (told.source.length) {
    show(cell, "refused", told.source);
    return;
  }
  const isStill = !cell.unanswered && isSame(typed(cell), sent); // nothing was typed while the answer was on its way
  if (isStill || now.state !== "refused") { // or what somebody else entered would be written over before it is shown
    for (const [slot, seen] of Object.entries(told.seen)) form.elements[`${slot}-seen`].value = seen;
  }
  cell.saved = Object.fromEntries(Object.keys(cell.fields).map((name) => [name, now.saved[name]]));
  cell.isUnsure = false;
  cell.words = now.words;
  cell.aside = now.aside;
  cell.input.placeholder = now.saved.said && !now.saved.value ? "—" : "";
  cell.isFresh = now.state !== "refused";
  if (!isStill) showState(cell);
  else if (now.state === "refused") {
    show(cell, "refused", now.errors);
    for (const name of now.wrong) cell.fields[name].setAttribute("aria-invalid", "true");
    if (now.wrong.some((name) => name !== "value")) cell.fields.said.closest("details").open = true;
  } else putBack(cell);
}

function keepForLater(cell) {
  cell.waits = true;
  show(cell, "changed");
  clearTimeout(timer);
  timer = setTimeout(tryAgain, wait);
  wait = Math.min(2 * wait, LONGEST_WAIT);
}

function tryAgain() {
  for (const cell of inState("changed")) if (cell.waits) save(cell);
}

// With what was seen when it was typed: what somebody else enters meanwhile is then shown, not written over.
function keepAndReload() {
  const left = inState("changed", "saving", "refused").map((cell) => (
    { key: cell.key, typed: typed(cell), seen: form.elements[`${cell.slot}-seen`].value }
  ));
  sessionStorage.setItem(KEPT, JSON.stringify({ source: form.elements.source.value, left }));
  isLeaving = true;
  location.reload();
}

function restore({ source, left }) {
  form.elements.source.value = source;
  for (const { key, typed: values, seen } of left) {
    const cell = cells.get(key);
    if (!cell) continue;
    for (const [name, field] of Object.entries(cell.fields)) field.value = values[name];
    if (!isChanged(cell)) continue;
    form.elements[`${cell.slot}-seen`].value = seen;
    show(cell, "changed");
  }
}

// Left as it was, or as it was refused: nothing to send.
function leave(cell) {
  const isTried = cell.td.dataset.state === "refused" && cell.tried && isSame(typed(cell), cell.tried);
  if (isChanged(cell) && !isTried) save(cell);
}

// ----- moving --------------------------------------------------------------------------------------------------------

const rows = [...form.querySelectorAll("tr.filled")].map((row) => [...row.querySelectorAll("td[data-cell] input")]);

function placeOf(input) {
  const y = rows.findIndex((row) => row.includes(input));
  return [rows[y].indexOf(input), y];
}

// The next cell in a direction that may be typed into, if there is one; a shorter row ends sooner.
function nextTo(input, dx, dy) {
  let [x, y] = placeOf(input);
  for (;;) {
    x += dx;
    y += dy;
    if (!rows[y] || x < 0 || (dx && x >= rows[y].length)) return null;
    const found = rows[y][Math.min(x, rows[y].length - 1)];
    if (!found.disabled) return found;
  }
}

function go(input) {
  if (!input) return false;
  input.focus();
  input.select();
  return true;
}

// On a phone the cells of an indicator stand below one another: the next is the one to the right.
const onwards = (input) => (PHONE.matches ? nextTo(input, 1, 0) : nextTo(input, 0, 1));

function isAtEdge(input, dx) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  return isWhole(input) || (start === end && start === (dx < 0 ? 0 : value.length));
}

function walk(event, cell) {
  const { input } = cell;
  if (event.isComposing || event.ctrlKey || event.metaKey) return false;
  if (event.altKey) {
    if (event.key !== "ArrowDown" || !cell.fields.said) return false;
    cell.fields.said.closest("details").open = true;
    cell.fields.said.focus();
    return true;
  }
  switch (event.key) {
    case "Enter":
      if (isChanged(cell) && cell.td.dataset.state === "refused") save(cell); // meant as it stands
      else if (event.shiftKey ? !nextTo(input, 0, -1) : !onwards(input)) leave(cell);
      go(event.shiftKey ? nextTo(input, 0, -1) : onwards(input));
      return true;
    case "ArrowDown": return go(nextTo(input, 0, 1));
    case "ArrowUp": return go(nextTo(input, 0, -1));
    case "ArrowLeft": return !event.shiftKey && isAtEdge(input, -1) && go(nextTo(input, -1, 0));
    case "ArrowRight": return !event.shiftKey && isAtEdge(input, 1) && go(nextTo(input, 1, 0));
    case "Escape":
      putBack(cell);
      input.select();
      return true;
    default: return false;
  }
}

// In the line below the row: back to the cell, which saves, or puts back what was saved.
function stepOut(event, cell) {
  if (event.key !== "Escape" && !(event.key === "Enter" && event.target === cell.fields.note)) return false;
  if (event.key === "Escape") putBack(cell);
  else leave(cell);
  return go(cell.input);
}

form.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell) {
    if (event.key === "Enter" && event.target.name === "source") event.preventDefault();
    return;
  }
  if (event.target === cell.input ? walk(event, cell) : stepOut(event, cell)) event.preventDefault();
});

form.addEventListener("input", (event) => {
  const cell = cellOf(event.target);
  if (!cell) return;
  cell.isFresh = false;
  cell.waits = false; // half a number is not tried again: it is sent when its cell is left
  showState(cell);
  missed.hidden = true;
});

// What stands in a cell is written over, as in a spreadsheet: at once, or the first sign typed would be marked too and
// written over by the second. A press puts its mark after the focus, so its cell is marked again; pressed once more, it
// may be mended.
let pressed = null;
let away = null; // in what the window was left: whoever comes back to it types on
form.addEventListener("pointerdown", (event) => {
  const cell = cellOf(event.target);
  pressed = cell && event.target === cell.input && document.activeElement !== cell.input ? cell.input : null;
});
form.addEventListener("focusin", (event) => {
  const cell = cellOf(event.target);
  if (cell && event.target === cell.input && event.target !== away) cell.input.select();
  away = null;
});
// A press that slips would carry what is marked into the cell beside.
form.addEventListener("dragstart", (event) => {
  if (cellOf(event.target)) event.preventDefault();
});
form.addEventListener("click", (event) => {
  const input = pressed;
  pressed = null;
  if (event.target === input && input.selectionStart === input.selectionEnd) input.select();
});

form.addEventListener("focusout", (event) => {
  away = document.activeElement === event.target ? event.target : null;
  if (away) return;
  const cell = cellOf(event.target);
  if (cell && cellOf(event.relatedTarget) !== cell) leave(cell);
});

// Several cells copied from a spreadsheet fill those to the right and below.
form.addEventListener("paste", (event) => {
  const cell = cellOf(event.target);
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!cell || event.target !== cell.input || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const [left, top] = placeOf(cell.input);
  let unplaced = 0;
  text.split(/\r?\n/).forEach((pasted, down) => {
    pasted.split("\t").map((value) => value.trim()).forEach((value, right) => {
      const input = rows[top + down] && rows[top + down][left + right];
      if (!value) return;
      if (!input || input.disabled) {
        unplaced += 1;
        return;
      }
      input.value = value;
      const filled = cellOf(input);
      if (isChanged(filled)) save(filled);
    });
  });
  missed.hidden = !unplaced;
  missed.textContent = unplaced ? words.unplaced.replace("{n}", unplaced) : "";
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const cell of inState("changed", "refused")) if (isChanged(cell)) save(cell);
  line = line.then(() => {
    const [refused] = inState("refused");
    if (refused) go(refused.input);
  });
});

addEventListener("online", () => {
  wait = FIRST_WAIT; // what is still failing now is tried soon, too
  tryAgain();
});
addEventListener("beforeunload", (event) => {
  if (isLeaving || !inState("changed", "saving", "refused").length) return;
  event.preventDefault();
  event.returnValue = "";
});

for (const hint of form.querySelectorAll(".keys-of-grid, .keys-of-cells")) hint.hidden = false;

for (const cell of cells.values()) if (cell.saved && isChanged(cell)) show(cell, "changed"); // typed before this script
const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  restore(JSON.parse(kept));
}
