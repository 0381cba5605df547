// Keeps what people type until the server has it: through a lost connection, an ended session, a
// change made elsewhere. Every page works without this file.
"use strict";

const KEPT = "ajang:";
const EVERYTHING = "*";

// Of each form: the version it shows, what the server holds, what was sent and has no answer yet,
// what was brought back, what waits for a choice, and how its saves go.
const work = new WeakMap();

const isKept = (form) => form.matches("form[method=post]") && form.querySelector("textarea") !== null;
const savesItself = (form) => form.hasAttribute("hx-post");
const versionOf = (form) => form.elements.version?.value;

// Where a form is sent, and the nearest id on the page: several may be sent to one address.
function addressOf(form) {
  const path = form.getAttribute("action") || location.pathname;
  return `${path}#${form.closest("[id]").getAttribute("id")}`;
}

const recall = (address) => JSON.parse(localStorage.getItem(KEPT + address));
const forget = (address) => localStorage.removeItem(KEPT + address);
const addresses = () =>
  Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).map((key) => key.slice(KEPT.length));

function store(address, record) {
  try {
    localStorage.setItem(KEPT + address, JSON.stringify(record));
  } catch {
    // The device has no room for it. The page still holds what was typed.
  }
}

// What differs from what the server held, or from what may have reached it meanwhile.
function typedIn(form) {
  const { held, sent } = work.get(form);
  const now = statesOf(form, stateOf);
  const differs = (name, states) => !isSame(now[name], states[name]);
  return those(now, (name) => differs(name, held) || (sent !== null && differs(name, sent.states)));
}

function keep(form) {
  const { version, held, sent, elsewhere, isLeaving } = work.get(form);
  const typed = typedIn(form);
  if (isEmpty(typed) && isEmpty(elsewhere)) return forget(addressOf(form));
  const ofTyped = (states) => those(states, (name) => name in typed);
  store(addressOf(form), {
    reader: document.body.dataset.reader,
    title: textOf(document.querySelector("h1")),
    version,
    typed,
    elsewhere,
    held: ofTyped(held),
    sent: ofTyped(sent?.states ?? {}),
    isPressed: isLeaving,
  });
}

function begin(form, isRefusal) {
  const held = statesOf(form, heldIn);
  const state = { version: versionOf(form), held, sent: null, back: [], elsewhere: {}, failures: 0 };
  work.set(form, { ...state, isLeaving: false });
  const record = recall(addressOf(form));
  if (record) (isRefusal(record) ? goOn : bringBack)(form, record);
}

// The page is a refusal: it shows what was typed, not what the server holds. Where it took the rest,
// it says which fields it did not take.
function goOn(form, record) {
  const state = work.get(form);
  const refused = form.querySelector("[data-unsaved]")?.dataset.unsaved.split(" ");
  const isMissing = (name) => refused === undefined || refused.includes(name);
  if (refused === undefined) state.version = record.version;
  state.elsewhere = record.elsewhere;
  Object.assign(state.held, those(record.held, isMissing));
  restore(form, record.typed);
  keep(form);
  offer(form);
}

function bringBack(form, record) {
  const { back, elsewhere } = parted(form, record);
  restore(form, back);
  Object.assign(work.get(form), { back: Object.keys(back), elsewhere });
  keep(form);
  if (!offer(form) && !isEmpty(back) && !savesItself(form)) announce(form, "kept-back");
  if (!isEmpty(back)) save(form);
}

// Parts what was typed into what its field can hold again and what somebody must choose about.
function parted(form, { version, held, sent, typed, elsewhere }) {
  const now = work.get(form);
  const fields = fieldsOf(form);
  const isHeld = (name, states) => name in fields && isAlike(fields[name], states[name], now.held[name]);
  const isOldForm = version === now.version;
  const isUnchanged = (name) => isOldForm && (version !== undefined || isSame(held[name], now.held[name]));
  const isOurs = (name) => name in sent && isHeld(name, sent); // the answer to it was lost
  const fits = (name) => isOpen(fields[name]) && (isUnchanged(name) || isOurs(name));
  const unsaved = those(typed, (name) => !isHeld(name, typed));
  const waiting = those(elsewhere, (name) => !isHeld(name, elsewhere));
  const unfit = those(unsaved, (name) => !fits(name));
  return { back: those(unsaved, fits), elsewhere: { ...waiting, ...unfit } };
}

function announce(form, id) {
  form.querySelector(":scope > .kept")?.remove();
  form.prepend(document.getElementById(id).content.cloneNode(true));
  const notice = form.querySelector(":scope > .kept");
  const status = notice.querySelector("[role=status]");
  // Read out surely only where the empty region was there before.
  requestAnimationFrame(() => { status.textContent = status.dataset.text; });
  return notice;
}

// Shows what was typed beside what the server holds; returns whether there is anything to choose.
function offer(form) {
  const { elsewhere, held } = work.get(form);
  form.querySelector(":scope > .kept")?.remove();
  if (isEmpty(elsewhere)) return false;
  const list = announce(form, "kept-elsewhere").querySelector(".kept-choices");
  const fields = fieldsOf(form);
  for (const [name, typed] of Object.entries(elsewhere)) {
    list.append(choiceOf(name, fields[name], typed, held[name] ?? []));
  }
  return true;
}

function choiceOf(name, fields, typed, held) {
  const item = document.getElementById("kept-field").content.firstElementChild.cloneNode(true);
  const button = item.querySelector("button");
  const label = fields ? labelOf(fields) : name;
  const [here, saved] = item.querySelectorAll("dd");
  item.querySelector(".kept-label").textContent = label;
  here.textContent = shown(fields, typed);
  saved.textContent = shown(fields, held);
  button.dataset.use = name;
  button.querySelector(".sr-only").textContent = ` – ${label}`;
  button.hidden = !isOpen(fields);
  return item;
}

function use(form, names) {
  const state = work.get(form);
  restore(form, those(state.elsewhere, (name) => names.includes(name)));
  state.elsewhere = those(state.elsewhere, (name) => !names.includes(name));
  offer(form);
  tell(form, names);
}

function discard(form) {
  const state = work.get(form);
  const undone = isEmpty(state.elsewhere) ? state.back : [];
  restore(form, those(state.held, (name) => undone.includes(name)));
  state.elsewhere = {};
  offer(form);
  tell(form, undone);
}

// Lets the page do what it does when somebody types, and leaves the focus where they go on.
function tell(form, names) {
  const fields = fieldsOf(form);
  keep(form);
  for (const name of names) fields[name][0].dispatchEvent(new Event("input", { bubbles: true }));
  if (names.length) save(form);
  (names.length ? fields[names[0]] : Object.values(fields).flat())[0]?.focus();
}

function save(form) {
  if (form.isConnected) form.dispatchEvent(new Event("change", { bubbles: true }));
}

function take(address) {
  const record = recall(address);
  if (!record || isEmpty(record.elsewhere)) forget(address);
  else store(address, { ...record, typed: {}, held: {}, sent: {}, isPressed: false });
}

function forgetWhatIsDone({ taken, reader }) {
  for (const address of taken ? taken.split(" ") : []) {
    if (address === EVERYTHING) addresses().forEach(forget);
    else take(address);
  }
  if (!reader) return; // a session that has ended is no other person
  for (const address of addresses()) if (recall(address).reader !== reader) forget(address);
}

function beginAll(isRefusal) {
  for (const form of document.forms) if (isKept(form) && !work.has(form)) begin(form, isRefusal);
}

document.addEventListener("DOMContentLoaded", () => {
  forgetWhatIsDone(document.body.dataset);
  beginAll((record) => document.body.dataset.status >= 400 && record.isPressed);
});

document.addEventListener("htmx:afterSwap", ({ detail }) => beginAll(() => detail.xhr.status >= 400));

document.addEventListener("input", ({ target }) => {
  if (work.has(target.form)) keep(target.form);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".kept button");
  if (!button) return;
  const { form, dataset } = button;
  const fields = fieldsOf(form);
  const usable = Object.keys(work.get(form).elsewhere).filter((name) => isOpen(fields[name]));
  if ("discard" in dataset) discard(form);
  else use(form, dataset.use ? [dataset.use] : usable);
});

document.addEventListener("submit", (event) => {
  if (!("signsOut" in event.target.dataset)) return;
  const titles = addresses().map((address) => recall(address).title);
  const { leavingOne, leavingMany } = document.body.dataset;
  const question = (titles.length === 1 ? leavingOne : leavingMany)
    .replace("{count}", titles.length).replace("{titles}", () => titles.join("; "));
  if (titles.length && !window.confirm(question)) event.preventDefault();
});

