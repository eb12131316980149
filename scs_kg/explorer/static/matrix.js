// The page of one matrix, whose table the reader can filter, sort and transpose. The address keeps every choice.
"use strict";
const form = document.getElementById("filter"), element = document.querySelector("table.matrix");
const FIELDS = ["name", "kind", "mark", "mode", "scope", "sort"];
let matrix = null, table = null, drawn = "", choosers = [], notFound = "";

function readChoices() {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
  return { ...fields, transpose: form.elements.transpose.checked, systems: picked(form, "systems"), principles: picked(form, "principles") };
}

// The reader can sort by a column with the list of orders and with the button in the column heading.
function fillSorts(columns, sort) {
  const group = form.querySelector("optgroup");
  const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
  group.replaceChildren(...columns.flatMap((column) =>
    [option(column.id, `▼ ${headOf(column)}`), option(`-${column.id}`, `▲ ${headOf(column)}`)]));
  form.elements.sort.value = sort;
  if (form.elements.sort.selectedIndex < 0) form.elements.sort.value = "";
}

function setUpTable() {
  addSortButtons(element, table, form.elements.sort.value, (sort) => {
    const place = table.columns.findIndex((column) => column.id === sort.replace(/^-/, ""));
    form.elements.sort.value = sort;
    onChange();
    if (place >= 0) focusInGrid(element, element.tHead.rows[1].cells[place]);
  });
  setUpGrid(element);
  measureHeads(element);
}

function show() {
  const choices = readChoices();
  table = { ...matrixTable(matrix, choices), ...aboutTable(choices) };
  const key = JSON.stringify(choices);
  if (key !== drawn) drawTable(element, table);
  drawn = key;
  setUpTable();
  const found = { systems: counted("shown_system", table.systems), principles: counted("shown_principle", table.principles) };
  const numbers = table.systems && table.principles
    ? sentences(filled(WORDS.shown, found), hasCellFilter(choices) && WORDS.filtered) : WORDS.none_shown;
  document.getElementById("shown").textContent = sentences(numbers, notFound);
  document.getElementById("everything").hidden = !location.search;
  showPicked(form, "systems", choices.systems.length, matrix.systems.length);
  showPicked(form, "principles", choices.principles.length, matrix.principles.length);
  for (const showChosen of choosers) showChosen();
  linkBeside(choices);
}

function aboutTable(choices) {
  const { list, semicolon, colon } = SETTINGS.marks;
  const label = (name) => form.elements[name].closest("label").firstChild.textContent.trim();
  const chosen = FIELDS.filter((name) => choices[name]).map((name) =>
    label(name) + colon + (form.elements[name].selectedOptions ? form.elements[name].selectedOptions[0].textContent : choices[name]));
  for (const name of ["systems", "principles"]) {
    const names = matrix[name].filter((entity) => choices[name].includes(entity.id)).map(headOf);
    if (names.length) chosen.push(form.querySelector(`[data-of="${name}"] summary`).firstChild.textContent.trim() + colon + names.join(list));
  }
  if (hasCellFilter(choices)) chosen.push(WORDS.filtered);
  return {
    title: SETTINGS.title, file: matrix.page.replaceAll("/", "-"),
    facts: [
      [WORDS.guideline, matrix.guideline.text], [WORDS.reading, matrix.reading.text], [WORDS.selection, matrix.selection],
      ...(matrix.applicability ? [[WORDS.applicability, matrix.applicability]] : []),
      [WORDS.filters, chosen.join(semicolon) || WORDS.everything],
    ],
  };
}

// Updates the link to the page that shows the systems of the table side by side, if there are two to six systems.
function linkBeside(choices) {
  const ids = (choices.transpose ? table.columns : rowsOf(table).map((row) => row.entity)).map((system) => system.id);
  const link = document.getElementById("beside"), url = new URL(link.href);
  link.hidden = !SETTINGS.own || ids.length < 2 || ids.length > 6;
  url.search = `systems=${ids.join(",")}&readings=${matrix.id}`;
  link.href = url.href;
}

function onChange() {
  const before = form.elements.transpose.checked;
  if (table && (table.columns[0]?.kind !== undefined) !== before) fillSorts(before ? matrix.systems : matrix.principles, "");
  writeAddress(readChoices());
  notFound = "";
  show();
}

function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const name of ["name", "kind", "mark", "mode", "scope"]) {
    form.elements[name].value = given.get(name) || "";
    if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
  }
  form.elements.transpose.checked = given.get("transpose") === "1";
  fillSorts(form.elements.transpose.checked ? matrix.systems : matrix.principles, given.get("sort") || "");
  const known = Object.fromEntries(["systems", "principles"].map((name) => [name, matrix[name].map((entity) => entity.id)]));
  notFound = notFoundInAddress(known);
  for (const [name, ids] of Object.entries(known)) fillPicks(form, name, matrix[name], listInAddress(name, ids));
}

addEventListener("DOMContentLoaded", async () => { // at this time, the script with the data has run
  await Promise.all(unpacking);
  [matrix] = matrices.values();
  readAddress();
  choosers = [
    setUpChoosing(form, "systems", (box) => [`system/${box.value}`]),
    setUpChoosing(form, "principles", (box) => [`guideline/${matrix.norm}/${box.value}`]),
  ];
  drawn = JSON.stringify({ ...Object.fromEntries(FIELDS.map((name) => [name, ""])), transpose: false, systems: [], principles: [] });
  form.addEventListener("input", onChange);
  form.addEventListener("submit", (event) => event.preventDefault());
  const choices = document.getElementById("choices");
  choices.hidden = document.getElementById("keys").hidden = false;
  choices.open = Boolean(location.search) || (innerWidth > 640 && innerHeight > 950); // rows of the table come first
  setUpNotes(element, (td) => noteOf(cellAt(element, table, td)));
  setUpTaking(() => table);
  show();
  form.dataset.ready = "";
});
