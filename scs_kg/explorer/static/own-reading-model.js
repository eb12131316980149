// A reading whose provisions a reader can change: its data, its changes, and the cells under them.
"use strict";
const NOT_MET = new Set(["notMet", "notMetInterpreted"]);
const SCOPE_LETTERS = { assumed: "a", counterfactual: "c", hindsight: "h" };
let READING = null, received = null; // a promise for the data of the reading

// The script with the data of the reading calls this function.
function receiveReading(packed) {
  received = unpacked(packed).then((data) => { READING = readReading(data); });
}

function readReading(data) {
  const tests = data.tests.map(([id, name]) => ({ id, name: nameOf(name) }));
  const verdicts = data.verdicts.map(([outcome, reason, latest, onPaper]) => ({ outcome, reason, latest, onPaper }));
  return {
    ...data, tests, guideline: nameOf(data.guideline), reading: nameOf(data.reading),
    readingNames: data.reading.map(([text]) => text),
    systems: data.systems.map(([id, name, kind, region], place) => ({
      id, place, name: nameOf(name), kind: data.kinds[kind][0], kindName: nameOf(data.kinds[kind][1]), region: nameOf(region).text,
      number: "", href: `${SETTINGS.root}system/${id}.html`, isElsewhere: data.elsewhere.includes(place),
      verdicts: data.judged[place].map((number) => verdicts[number]),
    })),
    principles: data.principles.map(([id, number, name, curie, since, premises]) => ({
      id, number, name: nameOf(name), curie, since, premises, href: `${SETTINGS.root}guideline/${data.norm}/${id}.html`,
    })),
    provisions: data.provisions.map(([id, principle, criterion, force, role, conditions, basis, locator, rationale]) => ({
      id: id.startsWith(`${data.id}-`) ? id.slice(data.id.length + 1) : id,
      principle, criterion, force, role, conditions, basis, locator, rationale,
    })),
  };
}

// Returns the settings of each provision: whether it counts, its force and its role. A provision with aspirational
// force decides no cell.
const asRead = (reading) => reading.provisions.map(({ force, role }) => ({ isOn: true, force, role }));
const roleOf = ({ force, role }) => force === "Aspirational" ? "Supporting" : role;

// Returns the provisions that differ from the reading of the project, each with its number and the names of the changed
// settings.
function changesOf(reading, read) {
  return reading.provisions.flatMap((one, number) => {
    const { isOn, force } = read[number], role = roleOf(read[number]);
    const changed = isOn ? [...(force === one.force ? [] : ["force"]), ...(role === one.role ? [] : ["role"])] : ["off"];
    return changed.length ? [{ number, changed, isOn, force, role }] : [];
  });
}

// Returns the cells of all systems for the principle at a position, with the settings of provisions in `read`.
function cellsOf(reading, place, read) {
  const groups = groupedProvisions(reading.provisions.flatMap((one, number) =>
    one.principle === place && read[number].isOn ? [{
      criterion: one.criterion, conditions: one.conditions, isPlain: read[number].force === "Plain",
      isDeciding: roleOf(read[number]) === "Deciding",
    }] : []));
  return reading.systems.map((system) =>
    decideCell(groups, reading.principles[place], reading.rule, system.verdicts, system.isElsewhere));
}

// Returns the positions of the principles that have a provision whose use, force or role differs between `one` and
// `other`.
function principlesThatDiffer(reading, one, other) {
  const isSame = (number) => one[number].isOn === other[number].isOn && one[number].force === other[number].force && one[number].role === other[number].role;
  return new Set(reading.provisions.filter((_, number) => !isSame(number)).map((provision) => provision.principle));
}

// Returns the sign of a cell as scs_kg/render/table.py writes it: the mark, the counts and the letters of its scope.
function signOf({ mark, counts, onPaper, scopes }, signs) {
  if (mark === "notAsked") return signs[mark];
  const number = NOT_MET.has(mark) ? counts.notMet : counts.met;
  const paper = onPaper ? (onPaper === number ? "§" : "(§)") : "";
  const letters = Object.keys(SCOPE_LETTERS).filter((scope) => scopes.includes(scope)).map((scope) => SCOPE_LETTERS[scope]).join("");
  return [signs[mark] + paper, `${number}/${counts.met + counts.notMet + counts.open}`, letters].filter(Boolean).join(" ");
}
