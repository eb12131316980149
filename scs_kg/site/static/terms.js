// Names of things, patterns over a store of Oxigraph, and the nearest names; as scs_kg.namespaces, store and names have them.
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
export const INFERRED = BASE + "graph/inferred";
export const RULES = BASE + "graph/ontology/integrity/";

export const localId = (iri) => iri.replaceAll("#", "/").split("/").pop();

export function curie(iri, prefixes) {
  const [name, space] = Object.entries(prefixes).filter(([, space]) => iri.startsWith(space)).sort((a, b) => a[1].length - b[1].length).pop() || [];
  const rest = name === undefined ? "" : iri.slice(space.length);
  return rest && !/[/#]/.test(rest) ? `${name}:${rest}` : `<${iri}>`;
}

export function expand(name, prefixes) {
  if (/^<.*>$/.test(name)) return name.slice(1, -1);
  const [, prefix, rest] = name.match(/^([^:]*):(.*)$/s) || [];
  if (rest === undefined) return null;
  if (rest.startsWith("//")) return name;
  return prefix in prefixes ? prefixes[prefix] + rest : null;
}

// A store with the engine that made it; `quads` takes IRIs, terms, or nothing for anything.
export class Graph {
  constructor(engine, store = new engine.Store()) {
    this.engine = engine;
    this.store = store;
  }

  term(value) { return typeof value === "string" ? this.engine.namedNode(value) : value || null; }
  quads(s, p, o, g) { return this.store.match(this.term(s), this.term(p), this.term(o), this.term(g)); }
  objects(s, p) { return this.quads(s, p).map((quad) => quad.object); }
  subjects(p, o) { return this.quads(null, p, o).map((quad) => quad.subject); }
  add(s, p, o, g) { this.store.add(this.engine.quad(this.term(s), this.term(p), this.term(o), g ? this.term(g) : this.engine.defaultGraph())); }
  ask(query) { return this.store.query(query, { use_default_graph_as_union: true }); }
}

// Terms of JavaScript for those of Oxigraph, which live in WebAssembly and are slow to look at many times.
export function plainTerm(term, factory) {
  if (term.termType === "NamedNode") return factory.namedNode(term.value);
  if (term.termType === "BlankNode") return factory.blankNode(term.value);
  return factory.literal(term.value, term.language || factory.namedNode(term.datatype.value));
}

const key = (term) => `${term.termType} ${term.value} ${term.language || ""} ${term.datatype?.value || ""}`;

// Quads of JavaScript as the SHACL engine asks for them (RDF/JS, DatasetCore), found by subject, predicate or object.
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
      keys.forEach((name, at) => this.by[at].has(name) ? this.by[at].get(name).push(quad) : this.by[at].set(name, [quad]));
    }
  }

  get size() { return this.all.length; }
  [Symbol.iterator]() { return this.all[Symbol.iterator](); }

  match(...terms) {
    const [s, p, o] = terms;
    const lists = [s, p, o].map((term, at) => (term ? this.by[at].get(key(term)) || [] : this.all));
    const few = lists.reduce((a, b) => (b.length < a.length ? b : a));
    return few.filter((quad) => (!s || quad.subject.equals(s)) && (!p || quad.predicate.equals(p)) && (!o || quad.object.equals(o)));
  }
}

export const plainQuad = (quad, factory) => factory.quad(...[quad.subject, quad.predicate, quad.object].map((term) => plainTerm(term, factory)));

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
