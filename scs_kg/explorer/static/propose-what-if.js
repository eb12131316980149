// Computes the cells that new claims would change. The queries of the library (bearing, contradictions, known, matrix)
// run in Oxigraph over the claims on the affected systems. They run once with the new claims and once without them.
// These queries define which claims count, which facts claims establish, and how verdicts determine a cell; this file
// does not repeat the rules. SHACL gives the verdicts, by the reference method (scs_kg.judging.judge, by_pyshacl). A
// shape is true if the known facts conform to it. A shape is false if the set of all possible facts does not conform to
// it. Otherwise the shape is open.
import { Validator, factory } from "./vendor/shacl-engine.js";
import { compareWithData } from "./propose-draft.js";
import { relatedClaims } from "./propose-related.js";
import { EARL, Quads, RDF, SCS, SH, localId, selectRows, toNTriples, triple } from "./rdf.js";

const DELTA = "urn:scs-kg:delta";
const COUNTS = ["met", "notMet", "open", "of"];
const DERIVATIONS = ["bearing", "contradictions", "known"];
const isShapePredicate = (predicate) => predicate.startsWith(SH) || [RDF + "first", RDF + "rest"].includes(predicate);

// Returns the data that every computation needs: a store with the ontology but without claims, and the criteria and
// conditions with a validator. A system is a row of the matrix only if its type is in the store. The store has no types
// of systems, so the matrix has the system that is judged and no other.
export function prepareWhatIf(engine, { asserted, ontology }) {
  const store = new engine.Store();
  const isSystem = ({ predicate, object }) => predicate.value === RDF + "type" && object.value === SCS + "SocialCreditSystem";
  store.load(toNTriples([...ontology].filter((quad) => !isSystem(quad))), { format: "application/n-triples" });
  const values = [...ontology.match(null, SH + "hasValue"), ...ontology.match(null, RDF + "first")].map((quad) => quad.object);
  const criteria = ontology.subjects(RDF + "type", SCS + "Criterion").map((criterion) => ({
    iri: criterion.value,
    upholds: ontology.objects(criterion, SCS + "polarity")[0].value === SCS + "Upholds",
    conditions: ontology.objects(criterion, SCS + "appliesIf"),
  }));
  const conditions = ontology.subjects(RDF + "type", SCS + "Condition").map(({ value }) => ({ iri: value, upholds: true, conditions: [] }));
  const features = [...new Set(values.filter((term) => term.termType === "NamedNode").map((term) => term.value))];
  const shapes = new Quads([...ontology].filter((quad) => isShapePredicate(quad.predicate.value)));
  return { engine, asserted, store, tests: [...criteria, ...conditions], features, validator: new Validator(shapes, { factory }) };
}

// Returns `cells` and a `summary`. `cells` are those whose mark changes, with the ids of guideline, reading, principle
// and system, and with mark and counts before and after. The summary has four lists. `changedWithin` has the cells of
// which only the counts change. `contradicted` has the claims in the data that contradict a new claim. `alike` has the
// claims that establish the same feature from another source. `notCountedIn` has the readings that do not count new
// claims.
export async function changedCells(context, draft, queries) {
  const { restated } = compareWithData(context.asserted, draft.triples);
  const added = draft.triples.filter((one) => !restated.has(one.subject.value));
  const systems = added.filter((one) => one.predicate.value === SCS + "about").map((one) => one.object.value);
  const [cells, summary] = [[], { changedWithin: [], contradicted: [], alike: [], notCountedIn: closedReadings(context, queries) }];
  for (const system of [...new Set(systems)].sort()) {
    const before = (await judged(context, system, [], queries)).cells;
    const after = await judged(context, system, added, queries);
    for (const [key, { ids, cell }] of after.cells) {
      const old = before.get(key).cell;
      if (old.mark !== cell.mark) cells.push({ ...ids, before: old, after: cell });
      else if (COUNTS.some((name) => old[name] !== cell[name])) summary.changedWithin.push(ids);
    }
    summary.contradicted.push(...after.contradicted);
    summary.alike.push(...after.alike);
  }
  return { cells, summary };
}

const closedReadings = ({ store }, queries) =>
  [...new Set(selectRows(store, queries.readings).filter((row) => row.has("dataset")).map((row) => localId(row.get("reading").value)))].sort();

// Judges one system with some added claims. Returns the `cells` of the system in every reading that counts new claims,
// in the order of the comparison. Also returns the claims in the data that are `contradicted` by an added claim, and
// the claims that establish the same feature from another source (`alike`).
async function judged(context, system, added, queries) {
  const { store, asserted, engine } = context;
  const claims = asserted.subjects(SCS + "about", system);
  const references = claims.flatMap((claim) => asserted.match(null, null, claim));
  const load = (text) => store.load(text, { format: "application/n-triples", to_graph_name: engine.namedNode(DELTA) });
  load(toNTriples([...asserted.match(system), ...claims.flatMap((claim) => asserted.match(claim)), ...references, ...added]));
  for (const name of DERIVATIONS) load(store.query(queries[name], { use_default_graph_as_union: true, results_format: "application/n-triples" }));
  const related = relatedClaims(context, system, added);
  load(await verdicts(context, system));
  const readings = new Map(selectRows(store, queries.readings).filter((row) => !row.has("dataset")).map((row) => [row.get("reading").value, row.get("guideline").value]));
  const rows = selectRows(store, queries.matrix).filter((row) => readings.has(row.get("reading").value) && row.get("system").value === system);
  store.update(`CLEAR GRAPH <${DELTA}>`);
  return { ...related, cells: new Map(rows.map((row) => {
    const [reading, principle] = [row.get("reading").value, row.get("principle").value];
    const ids = { guideline: localId(readings.get(reading)), reading: localId(reading), principle: localId(principle), system: localId(system) };
    const counts = Object.fromEntries(COUNTS.map((name) => [name, Number(row.get(name).value)]));
    return [`${reading} ${principle}`, { ids, cell: { outcome: localId(row.get("outcome").value), mark: row.get("mark").value, ...counts } }];
  })) };
}

// Returns the verdict of each criterion and condition on a system, as EARL in N-Triples. The matrix query needs a reason for
// each open verdict. The reason affects neither marks nor counts and is not shown. Therefore all open verdicts get the same reason.
async function verdicts(context, system) {
  const { store, engine } = context;
  const known = (link) => new Set(store.match(engine.namedNode(system), engine.namedNode(SCS + link)).map((quad) => quad.object.value));
  const [has, lacks] = [known("hasFeature"), known("lacksFeature")];
  const notExcluded = [context.features.filter((feature) => !lacks.has(feature)), context.features.filter((feature) => !has.has(feature))];
  const [certain, possible] = [facts(system, has, lacks), facts(system, ...notExcluded)];
  const conforms = async (dataset, shapes) => {
    for (const shape of shapes) if (!(await context.validator.validate({ dataset, terms: [factory.namedNode(system)] }, [{ terms: [shape] }])).conforms) return false;
    return true;
  };
  const value = async (shapes) => (await conforms(certain, shapes) ? true : await conforms(possible, shapes) ? null : false);
  const found = [];
  for (const { iri, upholds, conditions } of context.tests) {
    const [applies, matches] = [await value(conditions), await value([factory.namedNode(iri)])];
    const decided = matches === upholds ? "passed" : "failed";
    const outcome = applies === false ? "inapplicable" : applies === null || matches === null ? "cantTell" : decided;
    const verdict = `urn:verdict:${iri}`;
    found.push(triple(verdict, EARL + "subject", system), triple(verdict, EARL + "test", iri), triple(verdict, EARL + "result", verdict + ":result"), triple(verdict + ":result", EARL + "outcome", EARL + outcome));
    if (outcome === "cantTell") found.push(triple(verdict, SCS + "openBecause", SCS + "Silent"));
  }
  return toNTriples(found);
}

function facts(system, has, lacks) {
  const found = [triple(system, RDF + "type", SCS + "SocialCreditSystem")];
  for (const [link, features] of [["hasFeature", has], ["lacksFeature", lacks]]) for (const feature of features) found.push(triple(system, SCS + link, feature));
  return new Quads(found);
}
