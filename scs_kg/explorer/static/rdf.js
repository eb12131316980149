// RDF terms, quads indexed by term, N-Triples, and close matches of names. The Python counterparts are
// scs_kg.model.namespaces, scs_kg.store and scs_kg.store.labels.
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

// An RDF/JS DatasetCore for the SHACL engine, indexed by subject, predicate and object. The dataset contains JavaScript
// terms, because each access to a term of Oxigraph calls WebAssembly, which is slow. Patterns may name IRIs as strings.
export class Quads {
  constructor(quads) {
    this.index = [new Map(), new Map(), new Map()];
    this.quads = [];
    const seen = new Set();
    for (const quad of quads) {
      const keys = [quad.subject, quad.predicate, quad.object].map(key);
      if (seen.has(keys.join("\n"))) continue;
      seen.add(keys.join("\n"));
      this.quads.push(quad);
      keys.forEach((name, at) => (this.index[at].has(name) ? this.index[at].get(name).push(quad) : this.index[at].set(name, [quad])));
    }
  }

  get size() { return this.quads.length; }
  [Symbol.iterator]() { return this.quads[Symbol.iterator](); }

  match(...terms) {
    const keys = terms.slice(0, 3).map((term) => term && key(term));
    const lists = keys.map((name, at) => (name ? this.index[at].get(name) || [] : this.quads));
    const shortest = lists.reduce((a, b) => (b.length < a.length ? b : a), this.quads);
    return shortest.filter((quad) => keys.every((name, at) => !name || key([quad.subject, quad.predicate, quad.object][at]) === name));
  }

  objects(subject, predicate) { return this.match(subject, predicate).map((quad) => quad.object); }
  subjects(predicate, object) { return this.match(null, predicate, object).map((quad) => quad.subject); }
}

export const triple = (s, p, o) => factory.quad(...[s, p, o].map((term) => (typeof term === "string" ? factory.namedNode(term) : term)));

// Converts a term of Oxigraph to a JavaScript term.
export function toTerm(term) {
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
export const toNTriples = (quads) => [...quads].map((quad) => `${ntriples(quad.subject)} ${ntriples(quad.predicate)} ${ntriples(quad.object)} .\n`).join("");

// Parses N-Quads in the canonical form that Oxigraph writes.
const LINE = /^(\S+) <([^>]*)> (?:(<[^>]*>|_:\S+)|"((?:[^"\\]|\\.)*)"(?:@(\S+)|\^\^<([^>]*)>)?) <([^>]*)> \.$/;
export function* parseNQuads(text) {
  const named = (term) => (term.startsWith("_:") ? factory.blankNode(term.slice(2)) : factory.namedNode(term.slice(1, -1)));
  const unescaped = (escaped) => escaped.replace(/\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))/g, (_, four, eight, one) => (one ? UNESCAPED[one] : String.fromCodePoint(parseInt(four || eight, 16))));
  for (const line of text.split("\n")) {
    const [, s, p, node, string, language, datatype, graph] = line.match(LINE) || [];
    if (!s) continue;
    const object = node ? named(node) : factory.literal(unescaped(string), language || factory.namedNode(datatype || XSD + "string"));
    yield factory.quad(named(s), factory.namedNode(p), object, factory.namedNode(graph));
  }
}

// Runs a SELECT query; returns rows, each a Map from variable to term with `value` and `type`.
export function selectRows(store, query) {
  const result = JSON.parse(store.query(query, { use_default_graph_as_union: true, results_format: "json" }));
  return result.results.bindings.map((row) => new Map(Object.entries(row)));
}

export const fold = (name) => name.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");

// Returns close matches, best first, by the Ratcliff-Obershelp ratio, as difflib.get_close_matches in Python does.
export function closeMatches(written, known, most = 3, cutoff = 0.6) {
  const word = [...written.slice(0, 100)];
  const scored = [];
  for (const name of known) {
    const other = [...name];
    const whole = word.length + other.length;
    if (!whole || 2 * Math.min(word.length, other.length) / whole < cutoff) continue;
    const ratio = 2 * matchedLength(other, word) / whole;
    if (ratio >= cutoff) scored.push([ratio, name]);
  }
  return scored.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1)).slice(0, most).map(([, name]) => name);
}

function matchedLength(a, b) {
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
  return size ? size + matchedLength(a.slice(0, from), b.slice(0, to)) + matchedLength(a.slice(from + size), b.slice(to + size)) : 0;
}
