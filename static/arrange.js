// Arranging on the grid: drag a presentation to a slot, or walk the grid with the arrow keys. Every
// move also works with the links and buttons of the page.
"use strict";

const GRID = "[data-grid]";
let dragged = null;

const place = (target) => target.closest?.("[data-drop]");

// What is in the slot goes along: whoever has come into it meanwhile is not pushed out.
function send(talk, slot) {
  const grid = document.querySelector(GRID);
  htmx.ajax("POST", grid.dataset.move, {
    source: grid,
    target: GRID,
    swap: "outerHTML",
    values: { proposal: talk, slot: slot.dataset.drop, seen: slot.querySelector("[data-talk]")?.dataset.talk ?? 0 },
  });
}

document.addEventListener("dragstart", (event) => {
  const talk = event.target.closest?.("[data-talk]");
  if (!talk) return;
  dragged = talk;
  talk.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", talk.dataset.talk);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  document.querySelectorAll(".over").forEach((each) => each.classList.remove("over"));
});

document.addEventListener("dragover", (event) => {
  const over = place(event.target);
  if (!dragged || !over || over.contains(dragged)) return;
  event.preventDefault();
  over.classList.add("over");
});

document.addEventListener("dragleave", (event) => place(event.target)?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const over = place(event.target);
  if (!dragged || !over) return;
  event.preventDefault();
  send(dragged.dataset.talk, over);
});

// The arrow keys lead from the controls of one cell to those of the next in that direction.
const controls = (cell) => [...cell.querySelectorAll("a, button")];

function cellBeside(cell, key) {
  const row = cell.parentElement;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (!step) return { ArrowLeft: cell.previousElementSibling, ArrowRight: cell.nextElementSibling }[key];
  return [...row.parentElement.rows][[...row.parentElement.rows].indexOf(row) + step]?.cells[cell.cellIndex];
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return document.querySelector(`${GRID} [data-cancel]`)?.click();
  let cell = event.target.closest?.(`${GRID} td`);
  if (!cell || !event.key.startsWith("Arrow")) return undefined;
  event.preventDefault();
  while ((cell = cellBeside(cell, event.key))) {
    const [first] = controls(cell);
    if (first) return first.focus();
  }
  return undefined;
});

// While something is in hand, the focus is on the next slot for it; after that, on what was moved or
// put back, so that the keyboard goes on from there.
let inHand = null;

function slotAfter(talk) {
  const buttons = [...document.querySelectorAll(`${GRID} td form button`)];
  const follows = (button) => talk.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
  return (talk && buttons.find(follows)) || buttons[0];
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target?.matches?.(GRID)) inHand = detail.target.dataset.inHand ?? null;
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!target.matches?.(GRID)) return;
  const number = target.dataset.moved ?? inHand;
  if (target.dataset.inHand) slotAfter(target.querySelector(".in-hand"))?.focus();
  else if (number) target.querySelector(`[data-talk="${CSS.escape(number)}"] a`)?.focus();
});
