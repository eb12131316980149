// Validates a draft in the context of the existing data, as scs_kg.contribute.check does. A SHACL engine in JavaScript
// runs the same shapes, and Oxigraph runs their SPARQL constraints. Both use only the part of the data that the rules
// can reach.
import { Validator, factory, validations } from "./vendor/shacl-engine.js";
import { compareWithData, position } from "./propose-draft.js";
import { BASE, DCTERMS, OWL, Quads, RDF, RDFS, SCS, SH, SKOS, XSD, closeMatches, curie, fold, localId, selectRows, toNTriples, triple } from "./rdf.js";

const DRAFT = BASE + "draft";
const PERSON_RULE = BASE + "integrity#PersonNumber";
const HIDDEN_RULE = BASE + "integrity#DraftHiddenShape";
const RULES_ON_ALTERED = ["Alteration", "ProposalShape"].map((name) => BASE + "integrity#" + name);
const TRANSITIVE_LINKS = [SCS + "sameTextAs", SCS + "supersedes"];
const CLAIM_PREDICATES = ["about", "feature", "finding", "mode", "source", "supersedes"].map((name) => SCS + name);
const NAMED_PREDICATES = [...TRANSITIVE_LINKS, RDF + "type", DCTERMS + "date", DCTERMS + "issued", SCS + "about", SCS + "feature", SCS + "kind"];
const DATATYPE = factory.namedNode(SH + "datatype");
const MOST_SYSTEMS = 3;
const SEVERITY = { Violation: "error", Warning: "warning", Info: "note" };

// Returns the data that every check needs: a validator of the rules, the class hierarchy and the feature hierarchy.
export function prepareCheck(engine, { asserted, rules }) {
  const links = [...asserted.match(null, RDFS + "subClassOf"), ...asserted.match(null, SKOS + "broader"), ...asserted.match(null, SCS + "text"), ...asserted.match(null, RDF + "type", OWL + "Class")];
  const hierarchy = links.filter((quad) => quad.subject.termType === "NamedNode");
  const context = { engine, asserted, hierarchy, store: null };
  const own = [[DATATYPE, datatypeConstraint], [factory.namedNode(SH + "sparql"), (shape) => sparqlConstraint(shape, context)]];
  context.validator = new Validator(new Quads([...withUnicodePatterns(rules), ...hierarchy]), { factory, validations: new Map(own) });
  return context;
}

// The SHACL engine compiles patterns without the flag u, so it rejects or misreads characters beyond U+FFFF. SHACL
// defines patterns by the function regex of SPARQL, which reads whole characters.
function withUnicodePatterns(rules) {
  const [all, is] = [[...rules], (name) => ({ predicate }) => predicate.value === SH + name];
  const flags = new Map(all.filter(is("flags")).map(({ subject, object }) => [subject.value, object.value]));
  const patterns = all.filter(is("pattern")).map(({ subject }) => triple(subject, SH + "flags", factory.literal((flags.get(subject.value) ?? "") + "u")));
  return [...all.filter((quad) => !is("flags")(quad)), ...patterns];
}

// The SHACL engine checks only the lexical form of a date, so it accepts 30 February. A date must exist in the calendar
// (XSD, 3.3.9).
function datatypeConstraint(shape) {
  const { generic } = validations.get(DATATYPE)(shape);
  const isDay = ({ value, datatype }) => datatype?.value !== XSD + "date" || !/^\d{4}-\d\d-\d\d$/.test(value) || new Date(value + "T00:00:00Z").toJSON()?.startsWith(value);
  return { generic: (context) => (isDay(context.valueOrNode.term) ? generic(context) : context.violation(factory.namedNode(SH + "DatatypeConstraintComponent"), { value: context.valueOrNode })) };
}

// Oxigraph runs a SPARQL constraint (SHACL, section 5) with $this bound to the focus node.
function sparqlConstraint(shape, checker) {
  const sh = (name) => [factory.namedNode(SH + name)];
  const declared = [...shape.sparql.out(sh("prefixes")).out(sh("declare"))];
  const prefixes = declared.map((one) => `PREFIX ${one.out(sh("prefix")).value}: <${one.out(sh("namespace")).value}>\n`).join("");
  const [select, template] = [shape.sparql.out(sh("select")).value, shape.sparql.out(sh("message")).value];
  const generic = (context) => {
    const query = prefixes + select.replace(/WHERE\s*\{/, (start) => `${start} VALUES $this { <${context.focusNode.value}> } `);
    for (const row of selectRows(checker.store, query)) {
      const message = template.replace(/\{[?$](\w+)\}/g, (whole, name) => row.get(name)?.value ?? whole);
      const path = row.get("path") && [{ quantifier: "one", start: "subject", end: "object", predicates: [factory.namedNode(row.get("path").value)] }];
      const value = row.get("value") ? term(row.get("value")) : context.focusNode.term;
      context.violation(factory.namedNode(SH + "SPARQLConstraintComponent"), { message: [factory.literal(message)], path, value: context.focusNode.node([value]) });
    }
  };
  return { generic };
}

const term = ({ type, value }) => (type === "uri" ? factory.namedNode(value) : factory.literal(value));

// Returns the problems of a draft, sorted by position; `vocabulary` has the fields of records, the names, the prefixes and
// the invisible characters.
export async function check(context, draft, today, vocabulary) {
  const found = [...draft.problems];
  if (draft.triples.length) found.push(...await violations(context, draft, today, vocabulary));
  const unique = new Map(found.map((problem) => [JSON.stringify(problem), problem]));
  const key = ({ line, column, node, rule, message }) => [line || 0, column || 0, node, rule, message];
  return [...unique.values()].sort((a, b) => compare(key(a), key(b)));
}

const compare = (a, b) => { const at = a.findIndex((part, index) => part !== b[index]); return at < 0 ? 0 : a[at] < b[at] ? -1 : 1; };

async function violations(context, draft, today, vocabulary) {
  const { asserted, engine } = context;
  const { restated, altered, proposed } = compareWithData(asserted, draft.triples);
  const extended = [...draft.triples, ...[...restated].flatMap((subject) => asserted.match(subject))];
  const dataset = new Quads([...context.hierarchy, ...draft.triples, ...neighbourhood(asserted, extended), ...describeDraft({ proposed, restated, altered }, today)].map((quad) => triple(quad.subject, quad.predicate, quad.object)));
  context.store = new engine.Store();
  context.store.load(toNTriples(dataset), { format: "application/n-triples" });
  const report = await context.validator.validate({ dataset });
  context.store.free();
  const unreadable = new Set(draft.problems.filter(({ line }) => line).map(({ line, column }) => `${line} ${column}`));
  return report.results.map((result) => {
    const [focus, value, rule] = [result.focusNode.value, result.value?.value ?? "", result.shape.ptr.value];
    const node = focus === DRAFT ? value : focus;
    if (!proposed.has(node) || (altered.has(node) && !RULES_ON_ALTERED.includes(rule))) return null;
    return problem(draft, { ...vocabulary, asserted }, { node, rule, path: onePath(result.path), value: focus === DRAFT || value === node ? "" : value, message: result.message[0]?.value ?? "", severity: localId(result.severity.value) });
  }).filter((one) => one && !unreadable.has(`${one.line} ${one.column}`));
}

const onePath = (path) => (path?.length === 1 && path[0].start === "subject" && path[0].quantifier === "one" && path[0].predicates.length === 1 ? path[0].predicates[0].value : "");

// Describes the draft in the terms of the rules.
function describeDraft({ proposed, restated, altered }, today) {
  const links = Object.entries({ proposes: proposed, restates: restated, alters: altered });
  const things = links.flatMap(([link, iris]) => [...iris].map((iri) => triple(DRAFT, SCS + link, iri)));
  return [triple(DRAFT, RDF + "type", SCS + "Draft"), triple(DRAFT, DCTERMS + "created", factory.literal(today, factory.namedNode(XSD + "date"))), ...things];
}

// Returns the triples that the rules can reach (as scs_kg.contribute.check.neighbourhood). The result has the triples
// of the things that the given triples name, of the claims on the same systems, and of all references to these claims.
function neighbourhood(asserted, triples) {
  const found = [...triples];
  const seen = new Set(triples.filter((triple) => triple.object.termType === "NamedNode").map((triple) => triple.object.value));
  const waiting = [...seen];
  while (waiting.length) {
    const thing = waiting.pop();
    for (const quad of NAMED_PREDICATES.flatMap((link) => asserted.match(thing, link))) {
      found.push(quad);
      if (TRANSITIVE_LINKS.includes(quad.predicate.value) && !seen.has(quad.object.value)) { seen.add(quad.object.value); waiting.push(quad.object.value); }
    }
  }
  const systems = new Set(triples.filter((triple) => triple.predicate.value === SCS + "about").map((triple) => triple.object.value));
  for (const claim of [...systems].flatMap((system) => asserted.subjects(SCS + "about", system))) {
    found.push(...CLAIM_PREDICATES.flatMap((link) => asserted.match(claim, link)));
    found.push(...asserted.match(null, null, claim));
  }
  return found;
}

function problem(draft, vocabulary, { node, rule, path, value, message, severity }) {
  const short = (term) => (term.startsWith("http") ? curie(term, vocabulary.prefixes) : term).slice(0, 80);
  const ours = message.replace(new RegExp(BASE.replaceAll(".", "\\.") + "[\\w#/-]+", "g"), (iri) => curie(iri, vocabulary.prefixes));
  const given = value ? [path, value].filter(Boolean).map(short).join(" ") : "";
  const shown = rule === PERSON_RULE ? given.replace(/\p{Nd}/gu, "*") : given; // reports of checks can be public
  const found = rule === HIDDEN_RULE ? hiddenCharacters(draft, vocabulary, node, path) : shown;
  const { line = null, column = null } = position(draft, node, path);
  return {
    line, column, node: curie(node, vocabulary.prefixes), severity: SEVERITY[severity], message: found ? `${ours} (found: ${found})` : ours,
    rule: curie(rule, vocabulary.prefixes), nearest: suggestions(vocabulary, path, value),
  };
}

// Returns the code points and names of the invisible characters in the values of a predicate, in order.
function hiddenCharacters(draft, { hidden }, node, path) {
  const values = draft.triples.filter((one) => one.subject.value === node && one.predicate.value === path).map((one) => one.object.value);
  return [...new Set(values.flatMap((value) => [...value]))].filter((character) => character > "\u007f" && Object.hasOwn(hidden, character)).map((character) => hidden[character]).join(", ");
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// Returns known ids similar to an unknown value or property.
function suggestions(vocabulary, path, value) {
  const { fields, names } = vocabulary;
  const field = fields.find((one) => one.predicate === path);
  if (!path || (field && !(field.values && value.startsWith("http")))) return [];
  const written = decoded(localId(field ? value : path));
  if (!field) return closeMatches(written, [...new Set(fields.map((one) => localId(one.predicate)))]);
  const systems = systemsIn(vocabulary, written);
  if (systems.length) return systems;
  const known = names.get(field.values) || new Map();
  return [...new Set(closeMatches(fold(written), known.keys()).flatMap((name) => [...known.get(name)].sort().map(localId)))].slice(0, 3);
}

// Returns the ids of the systems that operate in the region of this name; no ids if no region has the name.
function systemsIn({ names, asserted }, name) {
  const regions = names.get(SCS + "Region")?.get(fold(name)) || [];
  const systems = [...regions].flatMap((region) => asserted.subjects(SCS + "operatesIn", region)).map((system) => localId(system.value));
  return [...new Set(systems)].sort().slice(0, MOST_SYSTEMS);
}

// Returns the IRIs of each case-folded name, grouped by class. If an id and a label are equal, the id has precedence.
export function readNames(rows) {
  const names = new Map();
  for (const row of rows) {
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

