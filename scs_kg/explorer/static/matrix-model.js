// Computes the table that is shown (columns, groups of rows, and cells) from the data of a matrix and the choices of
// the reader. A table has the same form for every page, so that the code for each file format exists only once.
"use strict";
const LANGUAGE = SETTINGS.languageNumber;
const RANKS = ["notMet", "notMetInterpreted", "partlyMet", "met", "notKnown", "inapplicable", "notAsked"];
const DECIDED = new Set(["met", "notMet", "notMetInterpreted"]);
const matrices = new Map(), unpacking = [];

// Each script with the data of a matrix calls this function.
function receiveMatrix(packed) {
  unpacking.push(unpacked(packed).then((data) => matrices.set(data.id, readMatrix(data))));
}

// Returns a name in the language of the page: its text, and its language tag if it is in another language.
function nameOf(names) {
  const [text, tag] = names[LANGUAGE];
  return { text, lang: tag && tag !== SETTINGS.language ? tag : "" };
}

function readMatrix(data) {
  const systems = data.systems.map(([id, name, kind, region], place) => ({
    id, place, name: nameOf(name), names: name.map(([text]) => text.toLowerCase()), kind: data.kinds[kind][0], kindName: nameOf(data.kinds[kind][1]),
    region: nameOf(region).text, number: "", href: `${SETTINGS.root}system/${id}.html`,
  }));
  const principles = data.principles.map(([id, number, name], place) => ({
    id, place, name: nameOf(name), number, href: `${SETTINGS.root}guideline/${data.norm}/${id}.html`,
  }));
  const criteria = data.criteria.map((name) => nameOf(name).text);
  const text = (number) => number < 0 ? "" : data.texts[number][LANGUAGE];
  const variants = data.variants.map(([mark, sign, words, reason, deciding, sources, scopes, modes]) => ({
    mark, sign, words: mark === "notAsked" ? "" : text(words), reason: text(reason), sources, scopes, modes,
    criteria: deciding.map((number) => criteria[number]),
  }));
  const cell = (system, principle) => {
    const variant = variants[data.cells[system.place][principle.place]];
    const hasPage = SETTINGS.own && variant.mark !== "notAsked";
    return { ...variant, href: hasPage ? `${SETTINGS.root}reading/${data.id}/${system.id}.html#${principle.id}` : "" };
  };
  return {
    id: data.id, page: data.page, norm: data.norm, family: data.family, systems, principles, cell,
    guideline: nameOf(data.guideline), reading: nameOf(data.reading), claims: data.claims[LANGUAGE],
    selection: data.selection[LANGUAGE], applicability: data.applicability[LANGUAGE],
  };
}

// Returns the note of a cell: why its mark is open, or which criteria decide the mark and the number of their sources.
function noteOf(cell) {
  if (!cell || !cell.words) return "";
  const { comma, list, colon, stop } = SETTINGS.marks;
  const head = cell.sign + " " + cell.words + (cell.reason ? colon + cell.reason : "") + stop;
  if (!cell.criteria || !cell.criteria.length) return head;
  const on = filled(cell.sources === 1 ? WORDS.source : WORDS.sources, { number: cell.sources });
  return `${head} ${filled(WORDS.decided_by, { criteria: cell.criteria.join(list) })}${comma}${on}${stop}`;
}

function isMatch(cell, choices) {
  const byMode = {
    "de-jure": () => cell.modes.length > 0 && cell.modes.every((mode) => mode === "de-jure"),
    "de-facto": () => cell.modes.includes("de-facto"),
  };
  return (!choices.mark || cell.mark === choices.mark) && (!choices.mode || byMode[choices.mode]()) &&
    (!choices.scope || cell.scopes.includes(choices.scope));
}

const hasCellFilter = (choices) => Boolean(choices.mark || choices.mode || choices.scope);

function chosenSystems(matrix, choices) {
  const name = choices.name.trim().toLowerCase();
  return matrix.systems.filter((system) =>
    (!choices.systems.length || choices.systems.includes(system.id)) && (!choices.kind || system.kind === choices.kind) &&
    system.names.some((text) => text.includes(name)));
}

const chosenPrinciples = (matrix, choices) =>
  matrix.principles.filter((principle) => !choices.principles.length || choices.principles.includes(principle.id));

// Returns the table of one matrix. An empty choice means everything.
function matrixTable(matrix, choices) {
  const cellOf = (system, principle) => {
    const cell = matrix.cell(system, principle);
    return isMatch(cell, choices) ? cell : { mark: "", sign: "", words: "", href: "" };
  };
  const anyShown = (cells) => !hasCellFilter(choices) || cells.some((cell) => cell.mark);
  const systems = chosenSystems(matrix, choices), principles = chosenPrinciples(matrix, choices);
  const [across, down] = choices.transpose ? [systems, principles] : [principles, systems];
  const rows = down.map((entity) => ({
    entity, cells: across.map((other) => choices.transpose ? cellOf(other, entity) : cellOf(entity, other)),
  })).filter((row) => anyShown(row.cells));
  const sorted = sortedRows(rows, across, choices.sort);
  return {
    corner: choices.transpose ? WORDS.principle : WORDS.system, columns: across,
    groups: choices.transpose || choices.sort ? [{ rows: sorted }] : byKind(sorted),
    systems: choices.transpose ? across.length : sorted.length,
    principles: choices.transpose ? sorted.length : across.length,
  };
}

function byKind(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.entity.kind)) groups.set(row.entity.kind, { name: row.entity.kindName, rows: [] });
    groups.get(row.entity.kind).rows.push(row);
  }
  return [...groups.values()];
}

// Sorts by name, region, number of decided marks, or by the marks of a column; a leading "-" reverses the order.
function sortedRows(rows, columns, sort) {
  const key = sort.replace(/^-/, ""), sign = sort.startsWith("-") ? -1 : 1;
  const compareText = (a, b) => a.localeCompare(b, SETTINGS.language);
  const decided = (row) => row.cells.filter((cell) => DECIDED.has(cell.mark)).length;
  const place = columns.findIndex((column) => column.id === key);
  const rank = (row) => { const found = RANKS.indexOf(row.cells[place].mark); return found < 0 ? RANKS.length : found; };
  const orders = {
    name: (a, b) => compareText(a.entity.name.text, b.entity.name.text),
    region: (a, b) => compareText(a.entity.region || "", b.entity.region || ""),
    decided: (a, b) => decided(b) - decided(a),
  };
  const order = orders[key] || (place >= 0 ? (a, b) => rank(a) - rank(b) : () => 0);
  return [...rows].sort((a, b) => sign * order(a, b) || a.entity.place - b.entity.place);
}

const rowsOf = (table) => table.groups.flatMap((group) => group.rows);
