// Reads a file of claims in RDF as `scs-kg check` does: its triples, their positions, and the parts that cannot be read.
import { Quads, RDF, curie, ntriples, toTerm, triple } from "./rdf.js";

export const FORMS = {
  ttl: ["Turtle", "text/turtle"], trig: ["TriG", "application/trig"],
  nt: ["N-Triples", "application/n-triples"], nq: ["N-Quads", "application/n-quads"],
};
const MAX_BYTES = 64 << 20;
const MAX_TEXT = 10_000;

// Returns a draft: `triples` without duplicates, `positions` by subject and predicate, and `problems`.
export function readDraft(engine, { name, ending, bytes }, prefixes) {
  const draft = { file: name, triples: [], positions: new Map(), problems: [] };
  const addProblem = (rule, message, position = {}, node = "file") => draft.problems.push({ ...position, node, severity: "error", message, rule: `integrity:${rule}`, nearest: [] });
  if (bytes.byteLength > MAX_BYTES) {
    addProblem("FileSize", `is larger than ${MAX_BYTES >> 20} MiB; split it into several files`);
    return draft;
  }
  let text;
  try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch {
    addProblem("FileEncoding", "is not UTF-8; save it as UTF-8");
    return draft;
  }
  let found;
  try { found = engine.parse(text, { format: FORMS[ending][1] }).map(toTriple); } catch (error) {
    const [, line, column, reason] = error.message.match(/^Parser error at line (\d+) between columns? (\d+) and .*?: (.*)$/s)
      || error.message.match(/^Parser error (?:at|between) line (\d+) column (\d+) .*?: (.*)$/s) || [0, "", "", error.message];
    addProblem("FileSyntax", `is not ${FORMS[ending][0]}: ${reason}`, { line: Number(line) || null, column: Number(column) || null });
    return draft;
  }
  draft.positions = readPositions(text);
  collectTriples(draft, found, addProblem, prefixes);
  return draft;
}

// Converts a quad of Oxigraph to a JavaScript triple. RDF 1.1 literals have no base direction, so it is a property of the triple.
function toTriple(quad) {
  const found = triple(toTerm(quad.subject), toTerm(quad.predicate), toTerm(quad.object));
  found.direction = quad.object.direction;
  quad.free();
  return found;
}

function collectTriples(draft, found, addProblem, prefixes) {
  const positionOf = (quad) => position(draft, quad.subject.value, quad.predicate.value);
  const parts = new Set(found.filter((quad) => quad.object.termType === "BlankNode").map((quad) => quad.object.value));
  const [kept, reported] = [new Map(), new Set()];
  let hasBlankSubject = false;
  for (const quad of found) {
    const [subject, { termType, value }] = [quad.subject.value, quad.object];
    const addProblemOnce = (rule, message) => {
      const key = `${rule} ${subject} ${quad.predicate.value}`;
      if (!reported.has(key)) addProblem(rule, message, positionOf(quad), curie(subject, prefixes));
      reported.add(key);
    };
    const property = curie(quad.predicate.value, prefixes);
    if (quad.subject.termType !== "NamedNode") hasBlankSubject ||= !parts.has(subject);
    else if (termType !== "NamedNode" && termType !== "Literal") addProblemOnce("FileBlankNodes", `has a ${property} that is a blank node or a triple term; write the IRI of the value`);
    else if (termType === "Literal" && value.length > MAX_TEXT) addProblemOnce("FileTexts", `has a ${property} of more than ${MAX_TEXT.toLocaleString("en")} characters; shorten it to one sentence`);
    else if (termType === "Literal" && quad.direction) addProblemOnce("FileSyntax", `has a ${property} with a base direction, which is RDF 1.2; remove the direction`);
    else kept.set([quad.subject, quad.predicate, quad.object].map(ntriples).join(" "), quad);
  }
  if (hasBlankSubject) addProblem("FileBlankNodes", "is a blank node; give every claim and source a name under claim: or src:", position(draft, "_:"), "a blank node");
  draft.triples = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, quad]) => quad);
  if (!draft.triples.length && !draft.problems.length) addProblem("FileContent", "has no claim and no other record; fill in at least one, outside of comments");
}

export const position = (draft, subject, predicate = "") => draft.positions.get(`${subject} ${predicate}`) || draft.positions.get(`${subject} `) || {};

// Splits the subjects of a draft that are already in the data into restated subjects (same triples) and altered
// subjects. `proposed` has all subjects.
export function compareWithData(asserted, triples) {
  const proposed = new Set(triples.map((one) => one.subject.value));
  const there = [...proposed].filter((subject) => asserted.match(subject).length);
  const draft = new Quads(triples);
  const isKnown = (subject) => draft.match(subject).every((one) => asserted.match(one.subject, one.predicate, one.object).length);
  return { proposed, restated: new Set(there.filter(isKnown)), altered: new Set(there.filter((subject) => !isKnown(subject))) };
}

const TOKEN = /(?<skip>[\s\ufeff]+|#[^\n]*)|(?<literal>"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<iri><[^<>\s]*>)|(?<end>[.{}])|(?<open>[[(])|(?<close>[\])])|(?<mark>\^\^|[;,])|(?<word>(?:[^\s;,.[\](){}<>"'#\\]|\\.)+(?:\.+(?:[^\s;,.[\](){}<>"'#\\]|\\.)+)*)|./gsu;

// Returns the position of each subject and predicate in Turtle, because the parser does not report it (as scs_kg.store.turtle_positions).
function readPositions(text) {
  const [found, prefixes] = [new Map(), {}];
  const named = (name) => {
    if (name.startsWith("<")) return name.slice(1, -1);
    const [, prefix, rest] = name.match(/^([^:]*):(.*)$/s) || [];
    return prefix in prefixes ? prefixes[prefix] + rest.replaceAll("\\", "") : name;
  };
  for (const [subject, ...rest] of statements(text)) {
    if (/^@?prefix$/i.test(subject.text) && rest.length > 1) { prefixes[rest[0].text.replace(/:+$/, "")] = rest[1].text.slice(1, -1); continue; }
    const name = /^_:|^$/.test(subject.text) ? "_:" : named(subject.text);
    rest.forEach((token, at) => {
      if (at && rest[at - 1].text !== ";") return;
      const predicate = token.text === "a" ? RDF + "type" : named(token.text);
      for (const [key, { line, column }] of [[`${name} `, subject], [`${name} ${predicate}`, token]]) if (!found.has(key)) found.set(key, { line, column });
    });
  }
  return found;
}

function* statements(text) {
  let [statement, depth, line, start] = [[], 0, 1, 0];
  for (const match of text.matchAll(TOKEN)) {
    const { skip, end, open, close } = match.groups;
    const token = { text: open ? "" : match[0], line, column: match.index - start + 1 };
    const breaks = match[0].split("\n").length - 1;
    if (breaks) [line, start] = [line + breaks, match.index + match[0].lastIndexOf("\n") + 1];
    if (skip) continue;
    if (close) depth = Math.max(0, depth - 1);
    if (!depth && end) { if (statement.length) yield statement; statement = []; }
    else if (!depth && !close && !(token.text === ";" && statement.at(-1)?.text === ";")) {
      statement.push(token);
      if (statement.length === 3 && /^prefix$/i.test(statement[0].text)) { yield statement; statement = []; }
    }
    if (open) depth += 1;
  }
}
