// Saves of a form: by itself while somebody types, again after a failure, and by its button.
"use strict";

const PATIENCE = 6; // seconds until a save that hangs is spoken of
const WAITS = [5, 10, 15]; // seconds until a failed save is tried again, the last of them ever after

function answered(form, xhr) {
  const state = work.get(form);
  clearTimeout(state.patience);
  if (xhr.status === 0 || xhr.status >= 500) tryAgain(form, state);
  else if (xhr.status < 300) saved(form, state);
  else refused(form, state, xhr);
  if (state.button && form.isConnected) leave(form, state);
}

// Whether it was saved is unknown: the same is sent again until the server says so, and only then
// what was typed since. Otherwise one's own save would look like another's.
function tryAgain(form, state) {
  clearTimeout(state.timer);
  const wait = WAITS[Math.min(state.failures, WAITS.length - 1)];
  state.failures += 1;
  state.timer = setTimeout(() => save(form), wait * 1000);
}

function saved(form, state) {
  const { states } = state.sent;
  const isWhole = !form.querySelector("[data-unsaved]"); // some answers may be wrong, and not saved
  clearTimeout(state.timer);
  Object.assign(state, { version: versionOf(form), sent: null, failures: 0 });
  if (isWhole) state.held = states;
  settleErrors(form);
  say("");
  keep(form);
  goOnSaving(form, states);
}

// What could not be saved is marked, and stays so until it is.
function settleErrors(form) {
  const unsaved = new Set(form.querySelector("[data-unsaved]")?.dataset.unsaved.split(" "));
  for (const id of unsaved) document.getElementById(id)?.setAttribute("aria-invalid", "true");
  const fields = [...form.querySelectorAll("[aria-invalid]")];
  for (const field of fields.filter(({ id, value }) => value.trim() && !unsaved.has(id))) {
    field.removeAttribute("aria-invalid");
    document.getElementById(`${field.id}-error`)?.remove();
    form.querySelector(`.ds-error-summary [href="#${field.id}"]`)?.closest("li").remove();
  }
  const summary = form.querySelector(".ds-error-summary");
  if (summary && !summary.querySelector("li")) summary.remove();
}

function refused(form, state, xhr) {
  const { states } = state.sent;
  clearTimeout(state.timer);
  state.sent = null;
  if (xhr.getResponseHeader("HX-Retarget") !== "#notice") say("");
  if (!form.isConnected) return; // both versions are shown in a new form
  keep(form);
  if (xhr.status === 422) goOnSaving(form, states);
}

// Saves what was typed since these states were sent, unless HTMX has begun to.
function goOnSaving(form, states) {
  setTimeout(() => {
    if (!work.get(form).sent && !isSame(statesOf(form, stateOf), states)) save(form);
  });
}

// From the press of a button on, the form is the browser's: a save by itself would only overtake it.
function leave(form, state) {
  const { button } = state;
  Object.assign(state, { isLeaving: true, button: null });
  form.requestSubmit(button);
}

// The server answers with this address once it has taken the form.
function askForReceipt(form) {
  add(form, "kept", addressOf(form));
}

// What was written here: where another tab has saved meanwhile, the rest is taken from there.
const touchedIn = (form) => Object.keys(typedIn(form)).join(" ");

function add(form, name, value) {
  const field = form.elements[name] ?? form.appendChild(document.createElement("input"));
  Object.assign(field, { type: "hidden", name, value });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const state = work.get(form);
  if (!state) return;
  if (state.sent && !state.isLeaving) {
    event.preventDefault();
    state.button ??= submitter;
    if (!form.matches(".htmx-request")) save(form);
    return;
  }
  state.isLeaving = true;
  keep(form);
  if (savesItself(form)) add(form, "touched", touchedIn(form));
  askForReceipt(form);
});

// HTMX would send a save by itself to the address of the button pressed last, which may be the lock.
document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  const state = work.get(detail.elt);
  if (!state) return;
  if (state.isLeaving) return event.preventDefault();
  detail.path = detail.elt.getAttribute("hx-post");
  detail.formData.set("touched", touchedIn(detail.elt));
  state.sent ??= { data: detail.formData, states: statesOf(detail.elt, stateOf) };
  detail.parameters = state.sent.data;
});

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  const state = work.get(detail.elt);
  if (!state) return;
  keep(detail.elt);
  state.patience = setTimeout(() => say(document.body.dataset.trying), PATIENCE * 1000);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (work.has(form)) answered(form, detail.xhr);
});

function saveAgain() {
  for (const form of document.forms) if (work.get(form)?.sent) save(form);
}

window.addEventListener("online", saveAgain);
document.addEventListener("visibilitychange", () => { if (!document.hidden) saveAgain(); });

// Enter leads to the next field, as the key of a phone's keyboard promises; it never loads the page anew.
document.addEventListener("keydown", (event) => {
  const { target: field, key } = event;
  if (key !== "Enter" || event.isComposing || !field.form || !work.has(field.form)) return;
  if (!savesItself(field.form) || !field.matches("input:not([type=checkbox], [type=radio])")) return;
  event.preventDefault();
  const others = [...field.form.querySelectorAll("input:not([type=hidden]), select, textarea, .save-bar button")];
  const isNext = (other) => other.checkVisibility() && !other.closest("details:not([open])");
  const rest = others.slice(others.indexOf(field) + 1).filter(isNext);
  const next = field.closest(".score") ? rest.find((other) => other.closest(".score, .save-bar")) : rest[0];
  next?.focus();
  next?.select?.();
});

window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.forms) if (work.has(form)) work.get(form).isLeaving = false;
});
