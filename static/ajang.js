// Makes the pages pleasanter: live word counts, one question before a lock, and a clear word when a
// save fails. Every page works without this file.
"use strict";

// Counts as the server does: by the text as it is kept (app/web/typed.py).
const LINE_END = /[\v\f\x85\u2028\u2029]/g;
const UNSEEN = new RegExp(
  String.raw`[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f` +
    String.raw`\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]`,
  "gu",
);
const SEEN = new RegExp(
  String.raw`[^\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f` +
    String.raw`\uffa0\u{e0100}-\u{e01ef}]`,
  "u",
);

function words(text) {
  const kept = text.replace(LINE_END, "\n").replace(UNSEEN, "");
  return SEEN.test(kept) ? kept.match(/\S+/g).length : 0;
}

function countWords(field) {
  const counter = document.querySelector(`[data-count="${field.id}"]`);
  if (!counter) return;
  const limit = Number(field.closest("[data-limit]").dataset.limit);
  const count = words(field.value);
  counter.textContent = counter.dataset.text.replace("{count}", count);
  counter.classList.toggle("over", count > limit);
}

// Shows a section that depends on an answer only where an earlier section gives that answer.
function showAsked(root) {
  const given = new Set();
  for (const section of root.querySelectorAll("[data-section]")) {
    section.hidden = "onlyIf" in section.dataset && !given.has(section.dataset.onlyIf);
    if (section.hidden) continue;
    for (const field of section.querySelectorAll("select, input:checked")) {
      given.add(`${section.dataset.section}: ${field.value}`);
    }
  }
}

// Says it in the bar of a form that saves itself, which is in sight, or else above the content.
function say(text) {
  const bar = document.querySelector("[data-says]");
  if (bar) {
    if (bar.textContent !== text) bar.textContent = text;
    return;
  }
  const notice = document.getElementById("notice");
  if (text && notice.textContent.trim() === text) return; // a failure again: it was read out
  notice.replaceChildren();
  if (!text) return;
  const alert = document.createElement("div");
  alert.className = "ds-alert";
  alert.dataset.color = "danger";
  alert.setAttribute("role", "alert");
  alert.textContent = text;
  notice.append(alert);
}

const boxesOf = (table) => [...table.querySelectorAll("tbody input[type=checkbox]")];

// A box in the head marks every row of the page; it stands only where a script can serve it.
function offerMarkAll(table) {
  const head = table.tHead.rows[0].cells[0];
  if (!table.dataset.mark || !boxesOf(table).length || head.querySelector("input")) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "ds-input";
  all.setAttribute("aria-label", table.dataset.mark);
  all.addEventListener("change", () => boxesOf(table).forEach((box) => { box.checked = all.checked; }));
  head.replaceChildren(all);
  head.dataset.all = table.dataset.mark;
}

// Arrow up and down lead to the same place of the next row, as in any list.
function moveInTable(event) {
  const row = event.target.closest("table[data-rows] tbody tr");
  if (!row || !event.key.startsWith("Arrow") || !event.target.matches("a, input[type=checkbox]")) return;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) return;
  const rows = [...row.parentElement.rows].filter((each) => each.querySelector("a, input"));
  const place = [...row.querySelectorAll("a, input")].indexOf(event.target);
  const controls = rows[rows.indexOf(row) + step]?.querySelectorAll("a, input");
  if (!controls?.length) return;
  event.preventDefault();
  controls[Math.min(place, controls.length - 1)].focus();
}

let lastBox = null;

// With Shift, every box between the last one and this one becomes like this one.
function markRange({ target, shiftKey }) {
  const table = target.closest("table[data-rows]");
  if (!table || !target.matches("tbody input[type=checkbox]")) return;
  const boxes = boxesOf(table);
  const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(target)].sort((a, b) => a - b);
  if (shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((box) => { box.checked = target.checked; });
  lastBox = target;
}

document.addEventListener("keydown", moveInTable);
document.addEventListener("click", markRange);

function prepare(root) {
  for (const table of root.querySelectorAll("table[data-rows]")) offerMarkAll(table);
  for (const button of root.querySelectorAll("[data-choose]")) button.hidden = false;
  for (const field of root.querySelectorAll("[data-limit] textarea")) countWords(field);
  showAsked(root);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-limit] textarea")) countWords(target);
  if (target.closest("[data-section]")) showAsked(target.form);
});

// Chooses the same in all groups of its form at once; it is sent by the form's own button.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-choose]");
  if (!button) return;
  for (const option of button.form.querySelectorAll(`[value="${button.dataset.choose}"]:not(:checked)`)) {
    option.checked = true;
    option.dispatchEvent(new Event("input", { bubbles: true }));
  }
  button.form.querySelector("[type=submit]").focus();
});

// A button that asks first, in a dialog; without a script it does at once what the dialog would.
// Where a needed field is empty, or what it holds can't be saved, there is nothing to ask yet: the
// answer names what is to be put right.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dialog]");
  if (!button) return;
  const needed = button.form.querySelectorAll(button.dataset.needs);
  if ([...needed].some((field) => !field.value.trim())) return;
  if (button.form.querySelector("[data-unsaved]")) return;
  event.preventDefault();
  const dialog = document.getElementById(button.dataset.dialog);
  for (const copy of dialog.querySelectorAll("[data-copy]")) {
    copy.textContent = document.querySelector(copy.dataset.copy)?.textContent ?? "";
  }
  dialog.showModal();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

// An answer that is not for the asked place says so itself; a stranger's, as a proxy's, is not shown.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status >= 400 && detail.xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
});

document.addEventListener("htmx:sendError", () => say(document.body.dataset.unsaved));
document.addEventListener("htmx:timeout", () => say(document.body.dataset.trying));

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (!detail.xhr.getResponseHeader("HX-Retarget")) say(document.body.dataset.refused);
});

// A swap that takes the focused control away leaves the focus in the same item, such as a slot.
let itemsInFocus = [];

function itemsAround(control, whole) {
  const items = [];
  for (let each = control; each && each !== whole; each = each.parentElement) if (each.id) items.push(each.id);
  return items;
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const control = document.activeElement;
  itemsInFocus = detail.target?.contains?.(control) ? itemsAround(control, detail.target) : [];
});

document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body) return;
  const item = itemsInFocus.map((id) => document.getElementById(id)).find((each) => each);
  if (!item) return;
  item.tabIndex = -1; // the item rather than its first control, which may undo what was just done
  item.focus();
});

// A message that a swap brings is read out surely only by a region that was there before. It takes
// the place of those with which the page was loaded, which are about what was done before.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const status = target.querySelector?.("[role=status]");
  status?.removeAttribute("role");
  if (status) document.querySelectorAll("#main > .ds-alert:has(~ #notice)").forEach((old) => old.remove());
  document.getElementById("said").textContent = status?.textContent.trim() ?? "";
});

// A key that is held down presses once: the focus may be on another control by then.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.matches("a, button")) event.preventDefault();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => prepare(detail.target.parentElement || document));
document.addEventListener("DOMContentLoaded", () => {
  prepare(document);
  const wrong = document.querySelector("[aria-invalid][autofocus]");
  (wrong ?? document.querySelector(".ds-error-summary[tabindex]"))?.focus();
});

// A table of fields grows by a row that is empty, however many rows it was sent with.
document.addEventListener("click", ({ target }) => {
  const body = target.closest("[data-add-row]")?.form.querySelector("tbody");
  if (!body) return;
  const row = body.lastElementChild.cloneNode(true);
  const next = (text) => text?.replace(/-\d+-/, `-${body.rows.length}-`);
  row.querySelectorAll("[name]").forEach((field) => {
    [field.name, field.id] = [next(field.name), next(field.id)];
    field.setAttribute("aria-label", field.ariaLabel?.replace(/\d+$/, body.rows.length + 1) ?? "");
    if (field.type === "checkbox") field.checked = false;
    else if (field.options) field.selectedIndex = 0;
    else field.value = "";
  });
  row.querySelectorAll(".ds-validation-message").forEach((message) => message.remove());
  body.append(row);
  row.querySelector("[name]:not([type=hidden])").focus();
});

// What has come since this device last showed the list is marked as new.
document.querySelectorAll("[data-since]").forEach((list) => {
  const key = `since:${document.body.dataset.reader}:${list.dataset.since}`;
  const seen = Number(localStorage.getItem(key) ?? Infinity);
  const items = [...list.querySelectorAll("[data-at]")];
  for (const item of items.filter(({ dataset }) => Number(dataset.at) > seen)) {
    const tag = Object.assign(document.createElement("span"), { className: "ds-tag", textContent: list.dataset.new });
    tag.dataset.color = "info";
    item.prepend(tag);
  }
  localStorage.setItem(key, Math.max(...items.map(({ dataset }) => Number(dataset.at))));
});

// A row of tabs that is wider than the window shows the one that one is on.
document.querySelectorAll(".sub-nav [aria-current]").forEach((tab) => {
  const row = tab.closest("ul, ol");
  row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right + 24;
});
