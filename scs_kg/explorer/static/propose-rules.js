// Holds a draft against the rules, in the graph that it would join, as scs_kg.check does: the same shapes, run by a SHACL
// engine of JavaScript, and their constraints in SPARQL by Oxigraph. The engine is given what the rules can see from a draft.
import { Validator, factory, validations } from "./vendor/shacl-engine.js";
import { beside, place } from "./propose-draft.js";
import { BASE, DCTERMS, OWL, Quads, RDF, RDFS, SCS, SH, SKOS, XSD, curie, fold, lines, localId, nearest, rows, triple } from "./terms.js";

const DRAFT = BASE + "draft";
const TOLD_OF_ALTERED = ["Alteration", "ProposalShape"].map((name) => BASE + "integrity#" + name);
const FELLING = [SCS + "supersedes", SCS + "retracts"];
const FOLLOWED = [SCS + "sameTextAs", SCS + "supersedes"];
const OF_CLAIMS = ["about", "feature", "finding", "source", "supersedes"].map((name) => SCS + name);
const OF_NAMED = [...FOLLOWED, RDF + "type", DCTERMS + "date", DCTERMS + "issued", SCS + "about", SCS + "feature"];
const DATATYPE = factory.namedNode(SH + "datatype");
const SEVERITY = { Violation: "error", Warning: "warning", Info: "note" };

// What every check needs again: the rules made ready, and the classes, their order and the hierarchy of features.
export function prepare(engine, { ground, rules }) {
  const links = [...ground.match(null, RDFS + "subClassOf"), ...ground.match(null, SKOS + "broader"), ...ground.match(null, RDF + "type", OWL + "Class")];
  const frame = links.filter((quad) => quad.subject.termType === "NamedNode");
  const bench = { engine, ground, frame, store: null };
  const own = [[DATATYPE, ofDatatype], [factory.namedNode(SH + "sparql"), (shape) => inSparql(shape, bench)]];
  bench.validator = new Validator(new Quads([...rules, ...frame]), { factory, validations: new Map(own) });
  return bench;
}

// The engine knows how a date is written, and takes the 30th of February; a day has to be in the calendar (XSD, 3.3.9).
function ofDatatype(shape) {
  const { generic } = validations.get(DATATYPE)(shape);
  const isDay = ({ value, datatype }) => datatype?.value !== XSD + "date" || !/^\d{4}-\d\d-\d\d$/.test(value) || new Date(value + "T00:00:00Z").toJSON()?.startsWith(value);
  return { generic: (context) => (isDay(context.valueOrNode.term) ? generic(context) : context.violation(factory.namedNode(SH + "DatatypeConstraintComponent"), { value: context.valueOrNode })) };
}

// A constraint in SPARQL (SHACL, section 5): asked of Oxigraph with the focus node in the place of $this.
function inSparql(shape, bench) {
  const sh = (name) => [factory.namedNode(SH + name)];
  const declared = [...shape.sparql.out(sh("prefixes")).out(sh("declare"))];
  const prefixes = declared.map((one) => `PREFIX ${one.out(sh("prefix")).value}: <${one.out(sh("namespace")).value}>\n`).join("");
  const [select, said] = [shape.sparql.out(sh("select")).value, shape.sparql.out(sh("message")).value];
  const generic = (context) => {
    const asked = prefixes + select.replace(/WHERE\s*\{/, (start) => `${start} VALUES $this { <${context.focusNode.value}> } `);
    for (const row of rows(bench.store, asked)) {
      const message = said.replace(/\{[?$](\w+)\}/g, (whole, name) => row.get(name)?.value ?? whole);
      const path = row.get("path") && [{ quantifier: "one", start: "subject", end: "object", predicates: [factory.namedNode(row.get("path").value)] }];
      const value = row.get("value") ? term(row.get("value")) : context.focusNode.term;
      context.violation(factory.namedNode(SH + "SPARQLConstraintComponent"), { message: [factory.literal(message)], path, value: context.focusNode.node([value]) });
    }
  };
  return { generic };
}

const term = ({ type, value }) => (type === "uri" ? factory.namedNode(value) : factory.literal(value));

// Return what is wrong with a draft, in order of place; `about` has the fields of records, the names and the prefixes.
export async function check(bench, draft, today, about) {
  const found = [...draft.problems];
  if (draft.triples.length) found.push(...await broken(bench, draft, today, about));
  const unique = new Map(found.map((problem) => [JSON.stringify(problem), problem]));
  const key = ({ line, column, node, rule, message }) => [line || 0, column || 0, node, rule, message];
  return [...unique.values()].sort((a, b) => compare(key(a), key(b)));
}

const compare = (a, b) => { const at = a.findIndex((part, place) => part !== b[place]); return at < 0 ? 0 : a[at] < b[at] ? -1 : 1; };

async function broken(bench, draft, today, about) {
  const { ground, engine } = bench;
  const { restated, altered, proposed } = beside(ground, draft.triples);
  const whole = [...draft.triples, ...[...restated].flatMap((subject) => ground.match(subject))];
  const dataset = new Quads([...bench.frame, ...draft.triples, ...surroundings(ground, whole), ...proposal({ proposed, restated, altered }, today)].map((quad) => triple(quad.subject, quad.predicate, quad.object)));
  bench.store = new engine.Store();
  bench.store.load(lines(dataset), { format: "application/n-triples" });
  const report = await bench.validator.validate({ dataset });
  bench.store.free();
  const unread = new Set(draft.problems.filter(({ line }) => line).map(({ line, column }) => `${line} ${column}`));
  return report.results.map((result) => {
    const [focus, value, rule] = [result.focusNode.value, result.value?.value ?? "", result.shape.ptr.value];
    const node = focus === DRAFT ? value : focus;
    if (!proposed.has(node) || (altered.has(node) && !TOLD_OF_ALTERED.includes(rule))) return null;
    return problem(draft, about, { node, rule, path: onePath(result.path), value: focus === DRAFT || value === node ? "" : value, message: result.message[0]?.value ?? "", severity: localId(result.severity.value) });
  }).filter((one) => one && !unread.has(`${one.line} ${one.column}`));
}

const onePath = (path) => (path?.length === 1 && path[0].start === "subject" && path[0].quantifier === "one" && path[0].predicates.length === 1 ? path[0].predicates[0].value : "");

// The draft itself, as the rules speak of it.
function proposal({ proposed, restated, altered }, today) {
  const links = Object.entries({ proposes: proposed, restates: restated, alters: altered });
  const things = links.flatMap(([link, iris]) => [...iris].map((iri) => triple(DRAFT, SCS + link, iri)));
  return [triple(DRAFT, RDF + "type", SCS + "Draft"), triple(DRAFT, DCTERMS + "created", factory.literal(today, factory.namedNode(XSD + "date"))), ...things];
}

// What the rules can see from triples: what the things are that they name, and the claims about the same systems.
function surroundings(ground, triples) {
  const found = [...triples];
  const seen = new Set(triples.filter((triple) => triple.object.termType === "NamedNode").map((triple) => triple.object.value));
  const waiting = [...seen];
  while (waiting.length) {
    const thing = waiting.pop();
    for (const quad of OF_NAMED.flatMap((link) => ground.match(thing, link))) {
      found.push(quad);
      if (FOLLOWED.includes(quad.predicate.value) && !seen.has(quad.object.value)) { seen.add(quad.object.value); waiting.push(quad.object.value); }
    }
  }
  const systems = new Set(triples.filter((triple) => triple.predicate.value === SCS + "about").map((triple) => triple.object.value));
  for (const claim of [...systems].flatMap((system) => ground.subjects(SCS + "about", system))) {
    found.push(...OF_CLAIMS.flatMap((link) => ground.match(claim, link)));
    for (const link of FELLING) found.push(...ground.match(null, link, claim));
  }
  return found;
}

function problem(draft, about, { node, rule, path, value, message, severity }) {
  const short = (term) => (term.startsWith("http") ? curie(term, about.prefixes) : term).slice(0, 80);
  const ours = message.replace(new RegExp(BASE.replaceAll(".", "\\.") + "[\\w#/-]+", "g"), (iri) => curie(iri, about.prefixes));
  const found = value ? [path, value].filter(Boolean).map(short).join(" ") : "";
  const { line = null, column = null } = place(draft, node, path);
  return {
    line, column, node: curie(node, about.prefixes), severity: SEVERITY[severity], message: found ? `${ours} (found: ${found})` : ours,
    rule: curie(rule, about.prefixes), nearest: near(about, path, value),
  };
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// The nearest known ids of a value that is not known, or of a property that is none of ours.
function near({ fields, names }, path, value) {
  const field = fields.find((one) => one.predicate === path);
  if (!path || (field && !(field.values && value.startsWith("http")))) return [];
  const written = decoded(localId(field ? value : path));
  if (!field) return nearest(written, [...new Set(fields.map((one) => localId(one.predicate)))]);
  const known = names.get(field.values) || new Map();
  return [...new Set(nearest(fold(written), known.keys()).flatMap((name) => [...known.get(name)].sort().map(localId)))].slice(0, 3);
}

// The IRIs that each folded name may stand for, by the class of what is named; an id wins over the same word as a label.
export function readNames(found) {
  const names = new Map();
  for (const row of found) {
    const [kind, thing] = [row.get("class").value, row.get("thing").value];
    if (!names.has(kind)) names.set(kind, new Map());
    const known = names.get(kind);
    for (const name of [localId(thing), row.get("name")?.value].filter(Boolean).map(fold)) known.set(name, (known.get(name) || new Set()).add(thing));
  }
  for (const known of names.values()) for (const [name, iris] of known) {
    const own = [...iris].filter((iri) => fold(localId(iri)) === name);
    if (own.length) known.set(name, new Set(own));
  }
  return names;
}

