// Writes a reading as a file that `scs-kg check` and `scs-kg compare --reading` accept. Texts are written as JSON
// strings, which are valid in YAML.
"use strict";
const quoted = (value) => JSON.stringify(value);
const withStop = (text) => /[.]$/.test(text) ? text : `${text}.`;

function recordLines(fields) {
  const given = Object.entries(fields).filter(([, value]) => value && value.length !== 0);
  return given.map(([field, value], place) => `  ${place ? "  " : "- "}${field}: ${quoted(value)}`).join("\n");
}

const listedIds = (changes, reading) => changes.map(({ number }) => reading.provisions[number].id).join(", ");

// Returns the changes of the reader as one English sentence, because a reading must have a definition.
function changeSentence(reading, changes) {
  const off = changes.filter((change) => !change.isOn), other = changes.filter((change) => change.isOn);
  const parts = [
    `Changed from the reading ${reading.id} of scs-kg ${SETTINGS.version}`,
    ...(off.length ? [`provisions left out: ${listedIds(off, reading)}`] : []),
    ...(other.length ? [`force or role changed: ${listedIds(other, reading)}`] : []),
  ];
  return `${parts.join("; ")}.`;
}

function noteOfChange(change, before, author) {
  const changes = change.changed.map((field) => `${field} from ${before[field]} to ${change[field]}`).join(" and ");
  return withStop(`Changed${author ? ` by ${author}` : ""}: ${changes}`);
}

const slugOf = (text) => text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");

function readingFile(reading, read, author, labels) {
  const changes = changesOf(reading, read), byNumber = new Map(changes.map((change) => [change.number, change]));
  const id = [reading.id, slugOf(author) ? `by-${slugOf(author)}` : "own"].join("-");
  const provisions = reading.provisions.flatMap((one, number) => !read[number].isOn ? [] : [recordLines({
    id: `${id}-${one.id}`, principle: reading.principles[one.principle].curie, criterion: reading.tests[one.criterion].id,
    locator: one.locator, rationale: one.rationale, basis: one.basis, force: read[number].force, role: roleOf(read[number]),
    condition: one.conditions.map((condition) => reading.tests[condition].id),
    note: byNumber.has(number) ? noteOfChange(byNumber.get(number), one, author) : "",
  })]);
  const head = recordLines({
    id, source: reading.sources, creator: author, label: labels, definition: changeSentence(reading, changes),
    readsGuideline: reading.norm, cellRule: reading.rule, condition: reading.conditions,
  });
  return { id, text: `readings:\n${head}\nprovisions:\n${provisions.join("\n")}\n` };
}
