// The page that shows any systems and readings side by side. The address keeps the choices of the reader.
"use strict";
const form = document.getElementById("compare"), frame = document.getElementById("beside");
const element = frame.querySelector("table"), MOST = 6;
let table = null, isExample = false, choosers = [];

const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];

function readChoices() {
  return {
    systems: picked(form, "systems"), readings: picked(form, "readings"), columns: form.elements.columns.value,
    differing: form.elements.differing.checked,
  };
}

// Loads missing data of readings with script elements, because a page opened from a folder cannot fetch files.
function loadMatrices(readings) {
  return Promise.all(readings.filter((id) => !matrices.has(id)).map((id) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = boxes("readings").find((box) => box.value === id).dataset.script;
    script.onload = () => Promise.all(unpacking).then(resolve, reject);
    script.onerror = () => reject(new Error(filled(WORDS.not_loaded, { address: script.src })));
    document.head.append(script);
  })));
}

const isDifferent = (cells) => new Set(cells.filter(Boolean).map((cell) => cell.mark)).size > 1;

// Returns a row of one system in several readings; cells that differ are outlined.
function comparedRow(entity, cells) {
  const differs = isDifferent(cells);
  return { entity, differs, cells: cells.map((cell) => cell && { ...cell, differs }) };
}

const cellFor = (matrix, systemId, principle) => {
  const system = matrix.systems.find((one) => one.id === systemId);
  return system && principle ? matrix.cell(system, principle) : null;
};

// Returns a table whose columns are systems; a group for each reading has its principles as rows.
function tableOfSystems(shown, ids) {
  const every = shown.flatMap((matrix) => matrix.systems);
  return {
    corner: WORDS.principle,
    columns: ids.map((id) => every.find((system) => system.id === id)).filter(Boolean),
    groups: shown.map((matrix) => ({
      name: headingOf(matrix),
      rows: matrix.principles.map((principle) => ids.map((id) => cellFor(matrix, id, principle)))
        .map((cells, place) => ({ entity: matrix.principles[place], cells, differs: isDifferent(cells) })),
    })),
  };
}

const headingOf = ({ guideline, reading }) =>
  ({ ...guideline, text: guideline.text + SETTINGS.marks.comma + reading.text });

// Returns the number of cells with each mark of a system under a reading, with a link to the page of the cells.
function overviewCell(matrix, id) {
  const cells = matrix.principles.map((principle) => cellFor(matrix, id, principle)).filter((cell) => cell && cell.words);
  if (!cells.length) return null;
  const counts = SETTINGS.legend.map(([mark, sign]) => [sign, cells.filter((cell) => cell.mark === mark).length]);
  const sign = counts.filter(([, count]) => count).map(([of, count]) => `${of} ${count}`).join(SETTINGS.marks.list);
  return { mark: "", sign, words: "", href: `${SETTINGS.root}reading/${matrix.id}/${id}.html`, wide: true };
}

// Returns a table whose columns are readings. The first group has the numbers of marks; each shared principle is a
// group. Readings share a principle if they interpret the same guideline or two versions of it.
function tableOfReadings(shown, ids) {
  const every = new Map(shown.flatMap((matrix) => matrix.systems).map((system) => [system.id, system]));
  const systems = ids.length ? ids.map((id) => every.get(id)).filter(Boolean) : [...every.values()];
  const inFamily = (matrix, principle) => `${matrix.family}/${principle.id}`;
  const shared = new Map();
  for (const matrix of shown) for (const principle of matrix.principles) {
    const key = inFamily(matrix, principle);
    shared.set(key, [...(shared.get(key) || []), [matrix, principle]]);
  }
  const own = (found, matrix) => found.find(([of]) => of === matrix)?.[1];
  const overview = systems.map((system) => ({ entity: system, differs: true, cells: shown.map((matrix) => overviewCell(matrix, system.id)) }));
  return {
    corner: WORDS.system,
    columns: shown.map((matrix) => ({ id: matrix.id, number: "", name: headingOf(matrix), href: `${SETTINGS.root}${matrix.page}.html` })),
    groups: [
      { name: { text: WORDS.overview, lang: "" }, rows: overview },
      ...[...shared.values()].filter((found) => found.length > 1).map((found) => ({
        name: { ...found[0][1].name, text: headOf(found[0][1]) },
        rows: systems.map((system) => comparedRow(system, shown.map((matrix) => cellFor(matrix, system.id, own(found, matrix))))),
      })),
    ],
  };
}

// Returns the names of the shown systems and readings, for the title of a file.
function titleOf(shown, ids) {
  const { list, colon, semicolon } = SETTINGS.marks, readings = shown.map((matrix) => headingOf(matrix).text).join(semicolon);
  const systems = boxes("systems").filter((box) => ids.includes(box.value)).map(boxLabel).join(list);
  return systems ? systems + colon + readings : readings;
}

function comparedTable(choices) {
  const shown = choices.readings.map((id) => matrices.get(id)), { list, colon } = SETTINGS.marks;
  const found = choices.columns === "readings" ? tableOfReadings(shown, choices.systems) : tableOfSystems(shown, choices.systems);
  const groups = choices.differing ? found.groups.map((group) => ({ ...group, rows: group.rows.filter((row) => row.differs) })) : found.groups;
  const chosen = (name) => boxes(name).filter((box) => box.checked).map(boxLabel).join(list) || WORDS.everything;
  const heading = (name) => form.querySelector(`[data-of="${name}"] summary`).firstChild.textContent.trim();
  return {
    ...found, groups: groups.filter((group) => group.rows.length), title: titleOf(shown, choices.systems), file: "compare",
    facts: [
      ...shown.map((matrix) => [headingOf(matrix).text, [matrix.selection, matrix.applicability].filter(Boolean).join(" ")]),
      ...["systems", "readings"].map((name) => [WORDS.filters, heading(name) + colon + chosen(name)]),
    ],
  };
}

const isComplete = ({ columns, systems, readings }) => {
  const few = (ids) => ids.length >= 1 && ids.length <= MOST;
  return columns === "readings" ? few(readings) && readings.length > 1 : few(systems) && few(readings) && systems.length + readings.length > 2;
};

// Unticks boxes that the table has no room for, beginning with the last ticked box; returns a message about them, or
// "".
function keepFirst(ticked) {
  const limited = form.elements.columns.value === "readings" ? ["readings"] : ["systems", "readings"];
  const surplus = limited.flatMap((name) => {
    const chosen = boxes(name).filter((box) => box.checked), earlier = chosen.filter((box) => !ticked.includes(box));
    return [...earlier, ...ticked.filter((box) => chosen.includes(box))].slice(MOST);
  });
  for (const box of surplus) box.checked = false;
  return surplus.length ? filled(WORDS.most, { names: surplus.map(boxLabel).join(SETTINGS.marks.list) }) : "";
}

async function show(message = "") {
  const choices = readChoices(), output = document.getElementById("shown");
  for (const name of ["systems", "readings"]) showPicked(form, name, choices[name].length, boxes(name).length);
  for (const showChosen of choosers) showChosen();
  table = null;
  frame.hidden = document.getElementById("take").hidden = document.getElementById("keys").hidden = true;
  output.classList.toggle("notice", Boolean(message));
  if (!isComplete(choices)) { output.textContent = sentences(message, WORDS.choose); return; }
  output.textContent = WORDS.loading;
  try {
    await loadMatrices(choices.readings);
  } catch (error) {
    output.textContent = error.message;
    return;
  }
  if (JSON.stringify(choices) !== JSON.stringify(readChoices())) return; // the reader has changed the choice
  table = comparedTable(choices);
  element.classList.toggle("overview", choices.columns === "readings");
  drawTable(element, table);
  if (!table.columns.some((column) => column.number)) {
    element.tHead.rows[1].remove();
    element.tHead.rows[0].cells[0].rowSpan = 1;
  }
  setUpGrid(element);
  output.textContent = message;
  frame.hidden = document.getElementById("take").hidden = document.getElementById("keys").hidden = false;
  measureHeads(element);
}

function keepChoices() {
  const choices = readChoices();
  writeAddress({ ...choices, columns: choices.columns === "readings" ? "readings" : "" });
}

function onChange(event) {
  isExample = false;
  const message = keepFirst(Array.isArray(event.detail) ? event.detail : [event.target]);
  keepChoices();
  void show(message);
}

// Names that the reader writes replace the systems that the page shows as an example.
function replaceExample() {
  if (isExample) for (const box of boxes("systems")) box.checked = false;
  isExample = false;
}

// If the address has no choice, the page shows the systems with the attribute `data-first` under one reading.
function readAddress() {
  const given = new URLSearchParams(location.search), known = (name) => boxes(name).map((box) => box.value);
  const first = boxes("systems").filter((box) => "first" in box.dataset).map((box) => box.value);
  const chosen = { systems: listInAddress("systems", known("systems")), readings: listInAddress("readings", known("readings")) };
  isExample = !given.has("systems") && given.get("columns") !== "readings";
  if (isExample) chosen.systems = first.slice(0, MOST);
  if (!chosen.readings.length) chosen.readings = form.dataset.readings.split(",");
  for (const name of ["systems", "readings"]) for (const box of boxes(name)) box.checked = chosen[name].includes(box.value);
  form.elements.columns.value = given.get("columns") === "readings" ? "readings" : "systems";
  form.elements.differing.checked = given.get("differing") === "1";
}

const notFound = notFoundInAddress(Object.fromEntries(["systems", "readings"].map((name) => [name, boxes(name).map((box) => box.value)])));
readAddress();
const surplusInAddress = keepFirst([]);
if (!isExample) keepChoices();
choosers = [
  setUpChoosing(form, "systems", (box) => [`system/${box.value}`], replaceExample),
  setUpChoosing(form, "readings", (box) => [`reading/${box.value}`, `guideline/${box.dataset.guideline}`]),
];
form.addEventListener("input", onChange);
form.addEventListener("submit", (event) => event.preventDefault());
const details = document.getElementById("choices"); // on a small screen, the table comes first if there is one
details.open = innerWidth > 640 || !location.search || !isComplete(readChoices());
details.hidden = false;
setUpNotes(element, (td) => noteOf(table && cellAt(element, table, td)));
setUpTaking(() => table);
show(sentences(notFound, surplusInAddress)).then(() => { form.dataset.ready = ""; });
