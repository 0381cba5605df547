// What stands in the fields of a form, as states by name: lists of values, or of the boxes ticked.
"use strict";

const NOT_TYPED = new Set(["hidden", "file", "password", "submit", "button", "reset"]);

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isEmpty = (states) => Object.keys(states).length === 0;
const those = (states, isWanted) =>
  Object.fromEntries(Object.entries(states).filter(([name]) => isWanted(name)));

const isBox = (field) => field.type === "checkbox" || field.type === "radio";
const isMark = (field) => isBox(field) && field.closest("table[data-rows]") !== null;
const isOpen = (fields) => fields?.some((field) => !field.matches(":disabled"));
const valuesOf = (fields) => fields.map(({ value }) => value);

// Fields by name. Marks in a list say what a button is about; they are not written.
function fieldsOf(form) {
  const fields = {};
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.type) || isMark(field)) continue;
    (fields[field.name] ??= []).push(field);
  }
  return fields;
}

function stateOf(fields) {
  return isBox(fields[0]) ? valuesOf(fields.filter(({ checked }) => checked)) : valuesOf(fields);
}

function heldIn(fields) {
  if (isBox(fields[0])) return valuesOf(fields.filter(({ defaultChecked }) => defaultChecked));
  return fields.map((field) => (field.options ? defaultChoice(field) : field.defaultValue));
}

function defaultChoice({ options }) {
  return ([...options].find(({ defaultSelected }) => defaultSelected) ?? options[0])?.value ?? "";
}

function statesOf(form, state) {
  const entries = Object.entries(fieldsOf(form));
  return Object.fromEntries(entries.map(([name, fields]) => [name, state(fields)]));
}

function restore(form, states) {
  const fields = fieldsOf(form);
  for (const [name, state] of Object.entries(states)) {
    (fields[name] ?? []).forEach((field, index) => {
      if (isBox(field)) field.checked = state.includes(field.value);
      else if (index < state.length) field.value = state[index];
    });
  }
}

// Whether the server would hold both alike: it strips texts and writes numbers in its own way.
function isAlike(fields, one, other) {
  const inPlain = (state) => state.map((text, index) => plain(fields[index] ?? fields[0], text));
  return isSame(inPlain(one), inPlain(other));
}

function plain(field, text) {
  if (field.type === "textarea" || isBox(field)) return text.trim();
  const line = text.trim().replace(/\s+/g, " ");
  return field.inputMode === "decimal" && line ? String(Number(line.replace(",", "."))) : line;
}

const textOf = (element) => element?.textContent.trim().replace(/\s+/g, " ");

function labelOf([field]) {
  const legend = isBox(field) && field.closest("fieldset")?.querySelector("legend");
  return textOf(legend || field.labels[0]) || field.getAttribute("aria-label") || field.name;
}

function shown(fields, state) {
  const labelFor = (value, index) => {
    if (!fields) return value;
    const choices = isBox(fields[0]) ? fields : [...(fields[index]?.options ?? [])];
    const choice = choices.find((each) => each.value === value);
    return textOf(choice?.labels?.[0] ?? choice) || value;
  };
  return state.map(labelFor).join("\n").trim() || "–";
}
