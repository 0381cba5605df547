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

// The arrow keys lead from the controls of one cell to those of the next in that direction: up and
// down in its room, to the sides at the same time.
const controls = (cell) => [...cell.querySelectorAll("a, button")];

function cellsToward(cell, key) {
  const cells = [...cell.closest("table").querySelectorAll("td[data-column]")];
  const inColumn = (column) => cells.filter((each) => each.dataset.column === String(column));
  const own = inColumn(cell.dataset.column);
  if (key === "ArrowUp") return own.slice(0, own.indexOf(cell)).reverse();
  if (key === "ArrowDown") return own.slice(own.indexOf(cell) + 1);
  const { top, bottom } = cell.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  const covers = (each) => each.getBoundingClientRect().top <= middle && middle < each.getBoundingClientRect().bottom;
  const step = key === "ArrowLeft" ? -1 : 1;
  const beside = [];
  for (let column = Number(cell.dataset.column) + step; inColumn(column).length; column += step)
    beside.push(...inColumn(column).filter(covers));
  return beside;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return document.querySelector(`${GRID} [data-cancel]`)?.click();
  const cell = event.target.closest?.(`${GRID} td[data-column]`);
  if (!cell || !event.key.startsWith("Arrow")) return undefined;
  event.preventDefault();
  return cellsToward(cell, event.key).flatMap(controls)[0]?.focus();
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
