// A visit recorded on a phone, at the site, on a weak line: photographs are made small before they travel, what is
// typed is kept in the phone until it is saved, a broken line is said and loses nothing.
// Without this script the page is an ordinary form.
"use strict";

const SIDE = 2048; // pixels of the longer side: what the site keeps
const QUALITY = 0.8;
const PATIENCE = 90000; // ms of silence after which a line counts as broken
const PHONE_PATIENCE = 3000; // ms without an answer after which a phone counts as one that keeps no files
const KEPT_FOR = 14 * 24 * 3600 * 1000; // ms
const LEFT_OUT = ["csrfmiddlewaretoken", "seen"]; // of a draft: these belong to the opened page

const words = JSON.parse(document.getElementById("visit-words").textContent);
const language = document.documentElement.lang;
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_match, key) => values[key]);
const megabytes = (bytes) => (bytes / 1048576).toFixed(1).replace(".", language === "en" ? "." : ",");
const find = (selector) => form.querySelector(selector);
const all = (selector, where = form) => Array.from(where.querySelectorAll(selector));

let form = document.getElementById("visit-form");
const draft = `visit:${form.dataset.draft}`; // of this person and this site: nobody else's comes back here
let shots = []; // { name, file, url, sent: Promise<{ name, blob }> }
let isBusy = false;
let isSaved = false;
const isKept = { words: true, photographs: true }; // whether the phone did so when it was last asked to
let locked = []; // fields that wait for the answer

function tell(state, trouble = "") {
  find("[data-state]").textContent = state;
  find("[data-trouble]").textContent = trouble;
}

// ----- photographs: small, with what the camera noted ----------------------------------------------------------------

// The camera's notes of a JPEG (its APP1 segment), and its size before it is turned upright.
function look(buffer) {
  const view = new DataView(buffer);
  let notes = null;
  for (let at = 2; at + 9 < view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker < 0xffc0) throw new Error("no JPEG");
    const length = view.getUint16(at + 2) + 2;
    if (marker === 0xffe1 && !notes && view.getUint32(at + 4) === 0x45786966) notes = new Uint8Array(buffer.slice(at, at + length));
    if (marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      return { notes, height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += length;
  }
  throw new Error("no size");
}

// Says in the notes that the picture stands upright, as it does once it is drawn anew; returns how it stood.
function straighten(notes) {
  const view = new DataView(notes.buffer);
  const start = 10; // behind the marker, the length and "Exif"
  const little = view.getUint16(start) === 0x4949;
  const first = start + view.getUint32(start + 4, little);
  for (let entry = 0; entry < view.getUint16(first, little); entry += 1) {
    const at = first + 2 + 12 * entry;
    if (view.getUint16(at, little) !== 0x0112) continue;
    const stood = view.getUint16(at + 8, little);
    view.setUint16(at + 8, 1, little);
    return stood;
  }
  return 1;
}

async function drawn(image) {
  const scale = SIDE / Math.max(image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not drawn"))), "image/jpeg", QUALITY);
  });
}

// The photograph as it is sent: scaled down when it is large, the original whenever anything about that fails.
async function made(file, url) {
  const original = { name: file.name, blob: file };
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    if (Math.max(image.naturalWidth, image.naturalHeight) <= SIDE) return original;
    let parts = [];
    if (file.type === "image/jpeg") {
      const { notes, width, height } = look(await file.arrayBuffer());
      const isTurned = notes !== null && straighten(notes) >= 5;
      if (image.naturalWidth * (isTurned ? width : height) !== image.naturalHeight * (isTurned ? height : width)) return original;
      if (notes) parts = [new Uint8Array([0xff, 0xd8]), notes];
    }
    const blob = await drawn(image);
    const small = new Blob([...parts, parts.length ? blob.slice(2) : blob], { type: "image/jpeg" });
    return small.size < file.size ? { name: file.name.replace(/\.\w+$/, "") + ".jpg", blob: small } : original;
  } catch {
    return original;
  }
}

let line = Promise.resolve(); // one photograph after another: a phone has not the memory for eight at once

function takeShot(file) {
  const url = URL.createObjectURL(file);
  const shot = { name: file.name, file, url, sent: null };
  line = line.then(() => made(file, url));
  shot.sent = line;
  shots.push(shot);
}

function choose(files) {
  const { mostFiles, mostBytes } = find("[name=photos]").dataset;
  const wrong = [];
  for (const file of files) {
    const isHere = shots.some((shot) => shot.name === file.name && shot.file.size === file.size && shot.file.lastModified === file.lastModified);
    if (isHere) continue;
    if (!["image/jpeg", "image/png"].includes(file.type)) wrong.push(say("notPhoto", { name: file.name }));
    else if (shots.length >= Number(mostFiles)) wrong.push(say("tooMany", { most: mostFiles }));
    else takeShot(file);
  }
  showShots();
  complain(wrong);
  line = line.then(() => refuseLarge(Number(mostBytes))).then(keepShots);
}

async function refuseLarge(most) {
  const large = [];
  for (const shot of shots) if ((await shot.sent).blob.size > most) large.push(shot);
  if (!large.length) return;
  shots = shots.filter((shot) => !large.includes(shot));
  showShots();
  complain(large.map((shot) => say("tooLarge", { name: shot.name })));
}

function complain(wrong) {
  const place = find("[data-photo-errors]");
  place.hidden = !wrong.length;
  place.textContent = Array.from(new Set(wrong)).join(" ");
}

function showShots() {
  const list = find("[data-shots]");
  list.replaceChildren(
    ...shots.map((shot, place) => {
      const item = document.createElement("li");
      const picture = Object.assign(new Image(), { src: shot.url, alt: say("photo", { number: place + 1 }) });
      const weight = document.createElement("span");
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×", className: "drop" });
      remove.setAttribute("aria-label", say("removePhoto", { number: place + 1 }));
      remove.addEventListener("click", () => {
        shots = shots.filter((one) => one !== shot);
        URL.revokeObjectURL(shot.url);
        showShots();
        complain([]);
        keepShots();
        find("[name=photos]").focus();
      });
      shot.sent.then(({ blob }) => {
        weight.textContent = say("smaller", { size: megabytes(blob.size) });
      });
      item.append(picture, weight, remove);
      return item;
    }),
  );
}

// ----- what is typed stays in this phone, for this person and this site ------------------------------------------------

function photographs() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("visits", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photographs");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => reject(asked.error);
    setTimeout(() => reject(new Error("no answer")), PHONE_PATIENCE);
  });
}

async function inPhotographs(mode, act) {
  const base = await photographs();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction("photographs", mode);
      const asked = act(change.objectStore("photographs"));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

async function keepShots() {
  if (isSaved) return;
  keep();
  try {
    const kept = await Promise.all(shots.map((shot) => shot.sent));
    await inPhotographs("readwrite", (store) => store.put(kept, draft));
    isKept.photographs = true;
  } catch {
    isKept.photographs = !shots.length; // a browser that keeps no files: said when the page is opened again
  }
}

function keep() {
  if (isSaved || locked.length) return; // locked, it was kept before
  const values = Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !LEFT_OUT.includes(name));
  const now = new Date();
  try {
    localStorage.setItem(draft, JSON.stringify({ at: now.getTime(), values, photographs: shots.length }));
    isKept.words = true;
    if (!isBusy) find("[data-state]").textContent = say("kept", { time: clock(now) });
  } catch {
    isKept.words = false;
    find("[data-state]").textContent = words.notKept;
  }
}

const two = (number) => String(number).padStart(2, "0");
const clock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;
const calendar = (moment) => `${two(moment.getDate())}.${two(moment.getMonth() + 1)}.${moment.getFullYear()}`;

async function forget(key = draft) {
  try {
    localStorage.removeItem(key);
    await inPhotographs("readwrite", (store) => store.delete(key));
  } catch {
    // nothing was kept
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("visit:") && Date.now() - JSON.parse(localStorage.getItem(key)).at > KEPT_FOR) forget(key);
  }
}

// Chosen or typed, by somebody who was faster than this script.
function isTouched(field) {
  if (field.type === "radio") return field.checked !== field.defaultChecked;
  return !field.options && field.type !== "file" && field.value !== field.defaultValue;
}

function fill(values) {
  const touched = new Set(Array.from(form.elements).filter(isTouched).map((field) => field.name));
  for (const name of values.keys()) {
    const [, part, number] = /^(finding|recommendation)_(\d+)_/.exec(name) || [];
    if (part && values.get(name)) while (!find(`[data-row=${part}][data-number="${number}"]`)) addRow(part);
  }
  let isChanged = false;
  for (const field of Array.from(form.elements)) {
    let value = values.get(field.name);
    if (value === undefined || field.type === "file" || touched.has(field.name)) continue;
    const measure = /^verdict_(\d+)$/.exec(field.name);
    if (/^claim_/.test(field.name)) continue;
    // what the address names stands; a request that is not offered any more does not come back
    if (field.options && (field.value || !Array.from(field.options).some((option) => option.value === value))) continue;
    if (measure && value && values.get(`claim_${measure[1]}`) !== form.elements[`claim_${measure[1]}`].value) {
      value = "";
      isChanged = true;
    }
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
  return isChanged;
}

async function restore() {
  let kept = null;
  try {
    forgetOld();
    kept = JSON.parse(localStorage.getItem(draft));
  } catch {
    return; // a browser that keeps nothing
  }
  if (!kept) return;
  const isChanged = fill(new Map(kept.values));
  showRows();
  follow();
  const then = new Date(kept.at);
  const told = [say("restored", { day: calendar(then), time: clock(then) })];
  if (isChanged) told.push(words.claimChanged);
  const banner = find("[data-restored]");
  const write = () => {
    banner.querySelector("[data-words]").textContent = told.join(" ");
    banner.hidden = false;
  };
  write();
  if (!kept.photographs) return;
  try {
    const here = await inPhotographs("readonly", (store) => store.get(draft));
    if (here.length < kept.photographs) throw new Error("not all were kept");
    for (const { name, blob } of here) {
      const file = new File([blob], name, { type: blob.type });
      shots.push({ name, file, url: URL.createObjectURL(file), sent: Promise.resolve({ name, blob: file }) });
    }
    showShots();
  } catch {
    told.push(words.photosAgain);
    write();
  }
}

// ----- rows of findings and recommendations ----------------------------------------------------------------------------

const rowsOf = (part) => all(`[data-row=${part}]`);
const fieldsOf = (row) => all("input, textarea", row);
const isBlank = (row) => !fieldsOf(row).some((field) => (field.type === "radio" ? field.checked : field.value.trim()));

function number(part) {
  const seen = rowsOf(part).filter((row) => !row.hidden);
  seen.forEach((row, place) => {
    row.querySelector("[data-place]").textContent = place + 1;
  });
  find(`[data-add=${part}]`).hidden = seen.length >= Number(form.dataset.mostFindings);
}

// Shows what is begun; what waits to be filled comes when it is asked for.
function showRows() {
  for (const part of ["finding", "recommendation"]) {
    rowsOf(part).forEach((row, place) => {
      row.hidden = isBlank(row) && !row.querySelector(".bad") && !(part === "recommendation" && place === 0);
    });
    number(part);
  }
  const advice = find("details[data-rows=recommendation]");
  advice.open = advice.open || rowsOf("recommendation").some((row) => !isBlank(row));
}

function clear(row) {
  for (const field of fieldsOf(row)) {
    if (field.type === "radio") field.checked = false;
    else field.value = "";
    field.removeAttribute("aria-invalid");
  }
  for (const error of all(".err", row)) error.remove();
  for (const field of all(".bad", row)) field.classList.remove("bad");
  for (const button of all("[data-advise]", row)) {
    button.disabled = false;
    button.textContent = button.dataset.advise || button.textContent;
  }
}

function addRow(part) {
  const rows = rowsOf(part);
  let row = rows.find((one) => one.hidden && isBlank(one));
  if (!row) {
    const last = rows[rows.length - 1];
    const place = Number(last.dataset.number);
    row = last.cloneNode(false);
    row.innerHTML = last.innerHTML.split(`${part}_${place}_`).join(`${part}_${place + 1}_`);
    row.dataset.number = place + 1;
    clear(row);
    last.after(row);
  }
  row.hidden = false;
  number(part);
  return row;
}

const fieldOf = (row, name) => row.querySelector(`[name$=_${name}]`);

function advise(row, button) {
  const advice = rowsOf("recommendation").find((one) => !one.hidden && isBlank(one)) || addRow("recommendation");
  fieldOf(advice, "text").value = fieldOf(row, "text").value;
  fieldOf(advice, "due_on").value = fieldOf(row, "due_on").value;
  fieldOf(advice, "addressee").value = form.dataset.addressee;
  find("details[data-rows=recommendation]").open = true;
  button.dataset.advise = button.textContent;
  button.textContent = words.advised;
  button.disabled = true;
}

function later(days) {
  const day = new Date(`${form.elements.visited_on.value || new Date().toISOString().slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

// ----- readiness -------------------------------------------------------------------------------------------------------

// What is typed of readiness; people type the sign too, "45 %", and the server reads it so.
function typedPercent() {
  return form.elements.readiness.value.replace("%", "").trim();
}

function follow() {
  const typed = typedPercent();
  const range = find("[data-range]");
  const last = form.dataset.last;
  if (/^\d+$/.test(typed)) range.value = typed;
  range.classList.toggle("untouched", !typed);
  const fell = last !== undefined && /^\d+$/.test(typed) && Number(typed) < Number(last);
  find("[data-fell]").textContent = fell ? say("fell", { last }) : "";
}

function step(by) {
  const from = /^\d+$/.test(typedPercent()) ? typedPercent() : find("[data-range]").value;
  form.elements.readiness.value = Math.min(100, Math.max(0, Number(from) + by));
  follow();
}

// ----- sending -----------------------------------------------------------------------------------------------------------

// XMLHttpRequest, because fetch cannot tell how much has been sent.
function post(data) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence = 0;
    let hasArrived = false;
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), PATIENCE);
    };
    const end = (answer) => {
      clearTimeout(silence);
      resolve(answer);
    };
    request.open("POST", location.pathname);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      hear();
      tell(say("sending", { sent: megabytes(event.loaded), all: megabytes(event.total) }));
    };
    request.upload.onload = () => {
      hear();
      hasArrived = true;
      tell(words.saving);
    };
    request.onprogress = hear;
    request.onload = () => end({ status: request.status, text: request.responseText, type: request.getResponseHeader("Content-Type") || "" });
    request.onerror = request.onabort = () => end({ status: 0, hasArrived });
    hear();
    request.send(data);
  });
}

// What goes is what is seen: nothing is changed while it is on its way.
function lock() {
  keep();
  locked = Array.from(form.elements).filter((field) => !field.disabled);
  for (const field of locked) field.disabled = true;
}

function unlock() {
  for (const field of locked) field.disabled = false;
  locked = [];
}

// Logged in again in another window: what is typed goes with the token of that session, if it is of the same person.
async function takeToken() {
  const silence = new AbortController();
  setTimeout(() => silence.abort(), PATIENCE);
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", signal: silence.signal });
    const opened = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("visit-form");
    if (!opened || opened.dataset.draft !== form.dataset.draft) return;
    form.elements.csrfmiddlewaretoken.value = opened.elements.csrfmiddlewaretoken.value;
  } catch {
    // no line: said when it is sent
  }
}

async function send() {
  keep();
  for (let ready = 0; ready < shots.length; ready += 1) {
    tell(say("preparing", { ready, all: shots.length }));
    await shots[ready].sent;
  }
  await line;
  const data = new FormData(form);
  data.delete("photos");
  for (const shot of shots) {
    const { name, blob } = await shot.sent;
    data.append("photos", blob, name);
  }
  lock();
  const answer = await post(data);
  unlock();
  return answer;
}

async function understand(answer) {
  if (answer.status === 0) {
    tell("", answer.hasArrived ? words.silent : words.offline);
  } else if (answer.status === 200 && answer.type.startsWith("application/json")) {
    isSaved = true;
    lock(); // until the next page is there
    await forget();
    location.assign(JSON.parse(answer.text).go);
  } else {
    const page = new DOMParser().parseFromString(answer.text, "text/html");
    const answered = page.getElementById("visit-form");
    if (answer.status === 200 && answered) refused(answered);
    else if (answer.status === 413) tell("", page.querySelector("main [role=alert]")?.textContent ?? words.stumbled);
    else if (answer.status === 200 || answer.status === 403) comeBack();
    else tell("", words.stumbled);
  }
}

// Logged out meanwhile: the draft comes back after the login; where none is kept, the page is all there is of it.
function comeBack() {
  if (isKept.words && isKept.photographs) location.reload();
  else tell("", form.dataset.loggedOut);
}

// What is refused stands beside its field; the photographs are still here.
function refused(answered) {
  form.replaceWith(answered);
  form = answered;
  begin();
  find("[data-again]")?.remove();
  showShots();
  keep();
  (find(".bad [aria-invalid], .bad input, .bad textarea") || find("[role=alert]")).focus();
  (find(".bad") || form).scrollIntoView({ block: "center" });
}

// ----- the page ----------------------------------------------------------------------------------------------------------

function begin() {
  for (const one of all("[data-scripted]")) one.hidden = false;
  const input = find("[name=photos]");
  input.classList.add("vh");
  input.closest(".field").classList.add("scripted");
  showRows();
  follow();
}

document.addEventListener("submit", async (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  const button = find("button.go");
  button.disabled = true;
  if (find("[data-trouble]").textContent === form.dataset.loggedOut) await takeToken();
  tell("");
  const answer = await send();
  isBusy = false;
  button.disabled = false; // also when nothing was saved: pressed again it sends the same, which is kept once
  await understand(answer);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("#visit-form button[type=button]");
  if (!button) return;
  const { step: by, add, days } = button.dataset;
  const row = button.closest("[data-row]");
  if (by) step(Number(by));
  else if (add) fieldOf(addRow(add), "text").focus();
  else if (days) button.closest(".due-in").querySelector("input").value = later(Number(days));
  else if ("advise" in button.dataset) advise(row, button);
  else if ("remove" in button.dataset) {
    clear(row);
    row.hidden = true;
    number(row.dataset.row);
    find(`[data-add=${row.dataset.row}]`).focus();
  } else if ("discard" in button.dataset) {
    isSaved = true; // nothing of it is kept again
    forget().then(() => location.replace(location.pathname));
    return;
  } else return;
  keep();
});

let soon = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!form.contains(field) || field.type === "file") return;
  if (field.matches("[data-range]")) form.elements.readiness.value = field.value;
  if (field.matches("[data-range], [name=readiness]")) follow();
  const point = field.closest(".remarks") && field.value && field.closest(".point").querySelector("[value=remarks]");
  if (point) point.checked = true;
  clearTimeout(soon);
  soon = setTimeout(keep, 300);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("#visit-form [name=photos]")) return;
  const files = Array.from(event.target.files);
  event.target.value = ""; // the next one from the camera is added, not put in its place
  choose(files);
});

addEventListener("pagehide", () => {
  clearTimeout(soon);
  if (soon) keep();
});
addEventListener("pageshow", (event) => {
  if (event.persisted && isSaved) location.reload(); // gone back to: the next visit, not the one that was saved
});
addEventListener("online", () => {
  if (!isBusy && find("[data-trouble]").textContent === words.offline) tell(words.online);
});

// Photographs that were chosen before this script came; the draft is read first, or it would be written over.
function chooseEarly() {
  const input = find("[name=photos]");
  const files = Array.from(input.files);
  input.value = "";
  if (files.length) choose(files);
}

const isOpened = "opened" in form.dataset;
begin();
(isOpened ? restore() : Promise.resolve()).then(chooseEarly);
