// The page on which a reader changes a reading: provisions, the marks under them, the address, and the file.
"use strict";
const OWN = SETTINGS.own_words, SIGNS = Object.fromEntries(SETTINGS.legend.map(([mark, sign]) => [mark, sign]));
const MARK_WORDS = Object.fromEntries(SETTINGS.legend.map(([mark, , words]) => [mark, words]));
const form = document.getElementById("provisions"), element = document.querySelector("table.matrix");
const FORCES = ["Plain", "Interpreted", "Aspirational"], ROLES = ["Deciding", "Supporting"], MOST_LISTED = 200;
const ADDRESS_DELAY = 100; // in milliseconds; changing the address takes time, and browsers limit how often a page may do so
let read = [], shown = [], cells = [], table = null; // `shown` has the settings of the provisions for the shown cells
let addressTimer = 0;

function wordsOf({ mark, counts, onPaper, scopes }) {
  if (mark === "notAsked") return "";
  const number = NOT_MET.has(mark) ? counts.notMet : counts.met;
  const paper = onPaper ? SETTINGS.cell.paper[onPaper === number ? 0 : 1] : "";
  const covers = Object.keys(SCOPE_LETTERS).filter((scope) => scopes.includes(scope)).map((scope) => SETTINGS.cell.scopes[scope]);
  return [MARK_WORDS[mark] + paper, ...covers].join(SETTINGS.marks.comma);
}

function shownCell(cell, old) {
  const sign = signOf(cell, SIGNS), reason = cell.mark === "notKnown" && cell.reason >= 0 ? SETTINGS.cell.reasons[cell.reason] : "";
  return { mark: cell.mark, sign, words: wordsOf(cell), reason, href: "", differs: Boolean(old) && old.sign !== sign, old };
}

// Returns the cells of each system under the reading of the project.
function firstCells() {
  const columns = READING.principles.map((_, place) => cellsOf(READING, place, read).map((cell) => shownCell(cell)));
  return READING.systems.map((_, place) => columns.map((column) => column[place]));
}

const author = () => form.elements.by.value.trim();

// Returns a text that says whose reading the marks follow (the project's or the reader's), with the number of changes.
function labelOf(changes) {
  const reading = READING.reading.text;
  if (!changes.length) return filled(OWN.unchanged, { reading });
  return filled(OWN.changed, { name: author() || OWN.nobody, reading, number: changes.length });
}

// Computes and writes the cells of the principles whose provisions changed; drawing the whole table would take longer.
function updateCells() {
  for (const place of principlesThatDiffer(READING, shown, read)) {
    const found = cellsOf(READING, place, read);
    for (const { tr, entity, cells: own } of table.rows) {
      const last = own[place], cell = shownCell(found[entity.place], last.old || last);
      own[place] = cell;
      if (cell.sign !== last.sign || cell.words !== last.words || cell.differs !== last.differs) drawCell(tr.cells[place + 1], cell);
    }
  }
  shown = read.map((one) => ({ ...one }));
}

// Updates only the parts of a cell that differ: its style, its sign and its words. Parsing HTML would take longer than
// these changes.
function drawCell(td, cell) {
  const sign = td.firstChild, hidden = td.lastElementChild || td.appendChild(document.createElement("i"));
  const words = hidden.firstChild || hidden.appendChild(document.createTextNode(""));
  setIfOther(td, "className", cell.mark + (cell.differs ? " differs" : ""));
  setIfOther(sign, "data", cell.sign);
  setIfOther(words, "data", cell.words && ` ${cell.words}`);
}

function setIfOther(node, property, value) {
  if (node[property] !== value) node[property] = value;
}

// Draws the table of all systems; `rows` has the rows of all its groups. Later changes are written into the existing
// cells.
function firstTable() {
  const groups = byKind(READING.systems.map((entity) => ({ entity, cells: cells[entity.place] })));
  return { corner: WORDS.system, columns: READING.principles, groups, rows: groups.flatMap((group) => group.rows), file: `${READING.id}-own` };
}

function tableFacts(label) {
  return {
    title: `${READING.guideline.text}${SETTINGS.marks.colon}${label}`,
    facts: [
      [WORDS.guideline, READING.guideline.text], [WORDS.reading, label], [WORDS.selection, READING.selection[LANGUAGE]],
      ...(READING.applicability[LANGUAGE] ? [[WORDS.applicability, READING.applicability[LANGUAGE]]] : []),
    ],
  };
}

// Lists the cells that differ; returns the number of these cells, and the number of cells whose mark differs.
function listDiffering() {
  const found = table.rows.flatMap(({ entity, cells: own }) => own.flatMap((cell, place) => cell.differs
    ? [`<li>${named(entity.name)}${SETTINGS.marks.comma}${escaped(headOf(READING.principles[place]))}${SETTINGS.marks.colon}` +
      `<span class="${cell.old.mark}">${escaped(cell.old.sign)}</span> → <span class="${cell.mark}">${escaped(cell.sign)}</span> ` +
      `${escaped(cell.words)}</li>`] : []));
  const box = document.getElementById("differing");
  box.hidden = !found.length;
  box.querySelector("ul").innerHTML = found.slice(0, MOST_LISTED).join("");
  box.querySelector("p").hidden = found.length <= MOST_LISTED;
  return { number: found.length, marks: table.rows.flatMap((row) => row.cells).filter((cell) => cell.differs && cell.old.mark !== cell.mark).length };
}

function update() {
  const changes = changesOf(READING, read), label = labelOf(changes);
  updateCells();
  Object.assign(table, tableFacts(label));
  const differing = listDiffering(), of = cells.length * READING.principles.length;
  document.getElementById("whose").textContent = label;
  element.setAttribute("aria-label", table.title);
  document.getElementById("shown").textContent = filled(OWN.differ, { ...differing, of });
  document.getElementById("save").disabled = !read.some((one) => one.isOn);
  const at = new Map(changes.map((change) => [change.number, change]));
  form.querySelectorAll(".provision").forEach((row, number) => row.classList.toggle("altered", at.has(number)));
}

const options = (values, words, chosen) => values.map((value) =>
  `<option value="${value}"${value === chosen ? " selected" : ""}>${escaped(words[value.toLowerCase()])}</option>`).join("");

function provisionHtml(one, number) {
  const criterion = READING.tests[one.criterion].name, conditions = one.conditions.map((test) => READING.tests[test].name.text);
  const applies = conditions.length ? `<p>${escaped(OWN.applies_if + SETTINGS.marks.colon + conditions.join(SETTINGS.marks.semicolon))}</p>` : "";
  const field = (name, words, values) => `<select data-field="${name}" aria-label="${escaped(OWN[name] + SETTINGS.marks.colon + criterion.text)}">` +
    `${options(values, words, one[name])}</select>`;
  return `<div class="provision" data-number="${number}"><label class="tick"><input type="checkbox" data-field="isOn" checked> ` +
    `<span>${named(criterion)}</span></label><span class="codes">${field("force", SETTINGS.force, FORCES)}${field("role", SETTINGS.role, ROLES)}</span>` +
    `<details><summary><span lang="en">${escaped(one.locator)}</span></summary><p lang="en">${escaped(one.rationale)}</p>${applies}</details></div>`;
}

function drawProvisions() {
  const groups = READING.principles.map((principle, place) => {
    const own = READING.provisions.map((one, number) => one.principle === place ? provisionHtml(one, number) : "").join("");
    return own && `<fieldset><legend>${escaped(principle.number)} ${named(principle.name)}</legend>${own}</fieldset>`;
  });
  document.getElementById("list").innerHTML = groups.join("");
}

// Shows the settings of each provision in the form. The role of a provision with aspirational force cannot be changed.
function fillForm() {
  for (const row of form.querySelectorAll(".provision")) {
    const one = read[row.dataset.number], [force, role] = row.querySelectorAll("select");
    row.querySelector("input").checked = one.isOn;
    force.value = one.force;
    role.value = roleOf(one);
    force.disabled = !one.isOn;
    role.disabled = !one.isOn || one.force === "Aspirational";
  }
}

function keepInAddress() {
  const ids = (isChosen) => changesOf(READING, read).filter(isChosen).map(({ number }) => READING.provisions[number].id);
  const changed = (field, value) => ids((change) => change.changed.includes(field) && change[field] === value);
  const lists = [...FORCES.map((force) => ["force", force]), ...ROLES.map((role) => ["role", role])];
  writeAddress({
    by: author(), off: ids((change) => !change.isOn),
    ...Object.fromEntries(lists.map(([field, value]) => [value.toLowerCase(), changed(field, value)])),
  });
}

function readAddress() {
  const known = READING.provisions.map((one) => one.id), number = (id) => known.indexOf(id);
  form.elements.by.value = new URLSearchParams(location.search).get("by") || "";
  read = asRead(READING);
  for (const id of listInAddress("off", known)) read[number(id)].isOn = false;
  for (const force of FORCES) for (const id of listInAddress(force.toLowerCase(), known)) read[number(id)].force = force;
  for (const role of ROLES) for (const id of listInAddress(role.toLowerCase(), known)) read[number(id)].role = role;
}

function onChange(event) {
  const row = event.target.closest(".provision"), field = event.target.dataset.field;
  if (row) read[row.dataset.number][field] = field === "isOn" ? event.target.checked : event.target.value;
  refresh();
}

function refresh() {
  fillForm();
  update();
  clearTimeout(addressTimer);
  addressTimer = setTimeout(keepInAddress, ADDRESS_DELAY);
}

function onAction(event) {
  const action = event.target.closest("button")?.value;
  if (action === "reset") read = asRead(READING);
  if (action === "plain") read = read.map((one) => one.force === "Interpreted" ? { ...one, isOn: false } : one);
  if (action === "reset" || action === "plain") refresh();
  if (action === "save") saveReading();
}

function saveReading() {
  const number = changesOf(READING, read).length, label = (language, reading) => filled(SETTINGS.file_labels[language], { reading, number });
  const labels = { en: label("en", READING.readingNames[0]), "zh-Hans": label("zh-Hans", READING.readingNames[1]) };
  const { id, text } = readingFile(READING, read, author(), labels), link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml;charset=utf-8" }));
  link.download = `${id}.yaml`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

addEventListener("DOMContentLoaded", async () => { // at this time, the script with the data has run
  await received;
  read = asRead(READING);
  shown = asRead(READING);
  cells = firstCells();
  table = firstTable();
  drawTable(element, table);
  const drawn = [...element.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.className !== "group");
  table.rows.forEach((row, number) => { row.tr = drawn[number]; });
  drawProvisions();
  readAddress();
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  setUpGrid(element);
  setUpNotes(element, (td) => noteOf(cellAt(element, table, td)));
  setUpTaking(() => table);
  form.addEventListener("input", onChange);
  form.addEventListener("click", onAction);
  form.addEventListener("submit", (event) => event.preventDefault());
  refresh();
  measureHeads(element);
  form.dataset.ready = "";
});
