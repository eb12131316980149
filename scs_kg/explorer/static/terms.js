// Names of things, quads and patterns over them, and the nearest names; as scs_kg.namespaces, store and names have them.
import { factory } from "./vendor/shacl-engine.js";

export const BASE = "https://w3id.org/scs-kg/";
export const SCS = BASE + "ontology#";
export const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
export const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
export const SKOS = "http://www.w3.org/2004/02/skos/core#";
export const OWL = "http://www.w3.org/2002/07/owl#";
export const SH = "http://www.w3.org/ns/shacl#";
export const XSD = "http://www.w3.org/2001/XMLSchema#";
export const DCTERMS = "http://purl.org/dc/terms/";
export const EARL = "http://www.w3.org/ns/earl#";

export const localId = (iri) => iri.replaceAll("#", "/").split("/").pop();

export function curie(iri, prefixes) {
  const [name, space] = Object.entries(prefixes).filter(([, space]) => iri.startsWith(space)).sort((a, b) => a[1].length - b[1].length).pop() || [];
  const rest = name === undefined ? "" : iri.slice(space.length);
  return rest && !/[/#]/.test(rest) ? `${name}:${rest}` : `<${iri}>`;
}

const key = (term) => (typeof term === "string" ? `NamedNode ${term}  ` : `${term.termType} ${term.value} ${term.language || ""} ${term.datatype?.value || ""}`);

// Quads of JavaScript as the SHACL engine asks for them (RDF/JS, DatasetCore), found by subject, predicate or object; the
// terms of Oxigraph live in WebAssembly, slow to look at and to forget. Patterns may name IRIs as strings.
export class Quads {
  constructor(quads) {
    this.by = [new Map(), new Map(), new Map()];
    this.all = [];
    const seen = new Set();
    for (const quad of quads) {
      const keys = [quad.subject, quad.predicate, quad.object].map(key);
      if (seen.has(keys.join("\n"))) continue;
      seen.add(keys.join("\n"));
      this.all.push(quad);
      keys.forEach((name, at) => (this.by[at].has(name) ? this.by[at].get(name).push(quad) : this.by[at].set(name, [quad])));
    }
  }

  get size() { return this.all.length; }
  [Symbol.iterator]() { return this.all[Symbol.iterator](); }

  match(...terms) {
    const keys = terms.slice(0, 3).map((term) => term && key(term));
    const lists = keys.map((name, at) => (name ? this.by[at].get(name) || [] : this.all));
    const few = lists.reduce((a, b) => (b.length < a.length ? b : a), this.all);
    return few.filter((quad) => keys.every((name, at) => !name || key([quad.subject, quad.predicate, quad.object][at]) === name));
  }

  objects(subject, predicate) { return this.match(subject, predicate).map((quad) => quad.object); }
  subjects(predicate, object) { return this.match(null, predicate, object).map((quad) => quad.subject); }
}

export const triple = (s, p, o) => factory.quad(...[s, p, o].map((term) => (typeof term === "string" ? factory.namedNode(term) : term)));

// A term of Oxigraph as one of JavaScript.
export function plain(term) {
  if (term.termType === "Quad") return factory.blankNode();
  if (term.termType !== "Literal") return term.termType === "BlankNode" ? factory.blankNode(term.value) : factory.namedNode(term.value);
  return factory.literal(term.value, term.language || factory.namedNode(term.datatype.value));
}

const ESCAPED = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" };
const UNESCAPED = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };
export function ntriples(term) {
  if (term.termType === "NamedNode") return `<${term.value}>`;
  if (term.termType === "BlankNode") return `_:${term.value}`;
  const text = `"${term.value.replace(/[\\"\n\r]/g, (char) => ESCAPED[char])}"`;
  return term.language ? `${text}@${term.language}` : `${text}^^<${term.datatype.value}>`;
}
export const lines = (quads) => [...quads].map((quad) => `${ntriples(quad.subject)} ${ntriples(quad.predicate)} ${ntriples(quad.object)} .\n`).join("");

// The quads of a text of N-Quads, which is one of Oxigraph, with the name of the graph as `graph`.
const LINE = /^(\S+) <([^>]*)> (?:(<[^>]*>|_:\S+)|"((?:[^"\\]|\\.)*)"(?:@(\S+)|\^\^<([^>]*)>)?) <([^>]*)> \.$/;
export function* readLines(text) {
  const named = (term) => (term.startsWith("_:") ? factory.blankNode(term.slice(2)) : factory.namedNode(term.slice(1, -1)));
  const written = (said) => said.replace(/\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))/g, (_, four, eight, one) => (one ? UNESCAPED[one] : String.fromCodePoint(parseInt(four || eight, 16))));
  for (const line of text.split("\n")) {
    const [, s, p, thing, said, language, datatype, graph] = line.match(LINE) || [];
    if (!s) continue;
    const object = thing ? named(thing) : factory.literal(written(said), language || factory.namedNode(datatype || XSD + "string"));
    yield factory.quad(named(s), factory.namedNode(p), object, factory.namedNode(graph));
  }
}

// Ask a store of Oxigraph for rows, each a Map from variable to term with `value` and `type`.
export function rows(store, query) {
  const found = JSON.parse(store.query(query, { use_default_graph_as_union: true, results_format: "json" }));
  return found.results.bindings.map((row) => new Map(Object.entries(row)));
}

export const fold = (name) => name.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");

// The names nearest to what is written, by the ratio of Ratcliff and Obershelp, as Python's difflib reckons it.
export function nearest(written, known, most = 3, cutoff = 0.6) {
  const word = [...written.slice(0, 100)];
  const scored = [];
  for (const name of known) {
    const other = [...name];
    const whole = word.length + other.length;
    if (!whole || 2 * Math.min(word.length, other.length) / whole < cutoff) continue;
    const ratio = 2 * alike(other, word) / whole;
    if (ratio >= cutoff) scored.push([ratio, name]);
  }
  return scored.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1)).slice(0, most).map(([, name]) => name);
}

function alike(a, b) {
  let [from, to, size] = [0, 0, 0];
  let lengths = [];
  for (let i = 0; i < a.length; i++) {
    const next = [];
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      next[j] = (lengths[j - 1] || 0) + 1;
      if (next[j] > size) [from, to, size] = [i - next[j] + 1, j - next[j] + 1, next[j]];
    }
    lengths = next;
  }
  return size ? size + alike(a.slice(0, from), b.slice(0, to)) + alike(a.slice(from + size), b.slice(to + size)) : 0;
}
