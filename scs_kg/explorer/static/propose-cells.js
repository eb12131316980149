// The cells that claims would change: the questions of the library over what is said of the systems that the claims are about,
// with them and without, and the criteria judged by the reference method: SHACL on the known facts, and on all that they
// do not rule out (scs_kg.judge, by_pyshacl).
import { Validator, factory } from "./vendor/shacl-engine.js";
import { beside } from "./propose-draft.js";
import { EARL, Quads, RDF, SCS, SH, lines, localId, rows, triple } from "./terms.js";

const DELTA = "urn:scs-kg:delta";
const OF_SHAPES = (predicate) => predicate.startsWith(SH) || [RDF + "first", RDF + "rest"].includes(predicate);

// What every answer needs again: a store without claims, and the criteria made ready.
export function prepareCells(engine, { ground, norms }) {
  const store = new engine.Store();
  store.load(lines(norms), { format: "application/n-triples" });
  const tested = [...norms.match(null, SH + "hasValue"), ...norms.match(null, RDF + "first")].map((quad) => quad.object);
  const criteria = norms.subjects(RDF + "type", SCS + "Criterion").map((criterion) => ({
    iri: criterion.value,
    upholds: norms.objects(criterion, SCS + "polarity")[0].value === SCS + "Upholds",
    applies: norms.objects(criterion, SCS + "appliesIf"),
  }));
  const features = [...new Set(tested.filter((term) => term.termType === "NamedNode").map((term) => term.value))];
  const shapes = new Quads([...norms].filter((quad) => OF_SHAPES(quad.predicate.value)));
  return { engine, ground, store, criteria, features, validator: new Validator(shapes, { factory }) };
}

// Return each cell whose outcome changes: guideline, reading, principle and system by id, before and after.
export async function changedCells(bench, draft, questions) {
  const { restated } = beside(bench.ground, draft.triples);
  const fresh = draft.triples.filter((one) => !restated.has(one.subject.value));
  const about = fresh.filter((one) => one.predicate.value === SCS + "about").map((one) => one.object.value);
  const cells = [];
  for (const system of [...new Set(about)].sort()) {
    const [before, after] = [await marks(bench, system, [], questions), await marks(bench, system, fresh, questions)];
    for (const [key, cell] of after) if (before.get(key).outcome !== cell.outcome) cells.push({ ...cell.place, before: { outcome: before.get(key).outcome }, after: { outcome: cell.outcome } });
  }
  return cells;
}

// The marks of one system in every reading that takes new claims, in the order of the comparison.
async function marks(bench, system, fresh, questions) {
  const { store, ground, engine } = bench;
  const claims = ground.subjects(SCS + "about", system);
  const later = claims.flatMap((claim) => ["supersedes", "retracts"].flatMap((link) => ground.match(null, SCS + link, claim)));
  const put = (text) => store.load(text, { format: "application/n-triples", to_graph_name: engine.namedNode(DELTA) });
  put(lines([...ground.match(system), ...claims.flatMap((claim) => ground.match(claim)), ...later, ...fresh]));
  for (const name of ["bearing", "contradictions", "known"]) put(store.query(questions[name], { use_default_graph_as_union: true, results_format: "application/n-triples" }));
  put(await verdicts(bench, system));
  const readings = new Map(rows(store, questions.readings).filter((row) => !row.has("dataset")).map((row) => [row.get("reading").value, row.get("guideline").value]));
  const found = rows(store, questions.matrix).filter((row) => readings.has(row.get("reading").value) && row.get("system").value === system);
  store.update(`CLEAR GRAPH <${DELTA}>`);
  return new Map(found.map((row) => {
    const [reading, principle] = [row.get("reading").value, row.get("principle").value];
    const place = { guideline: localId(readings.get(reading)), reading: localId(reading), principle: localId(principle), system: localId(system) };
    return [`${reading} ${principle}`, { place, outcome: localId(row.get("outcome").value) }];
  }));
}

// The verdict of each criterion on a system, as N-Triples.
async function verdicts(bench, system) {
  const { store, engine } = bench;
  const known = (link) => new Set(store.match(engine.namedNode(system), engine.namedNode(SCS + link)).map((quad) => quad.object.value));
  const [has, lacks] = [known("hasFeature"), known("lacksFeature")];
  const possible = [bench.features.filter((feature) => !lacks.has(feature)), bench.features.filter((feature) => !has.has(feature))];
  const [surely, maybe] = [facts(system, has, lacks), facts(system, ...possible)];
  const matches = async (dataset, shapes) => {
    for (const shape of shapes) if (!(await bench.validator.validate({ dataset, terms: [factory.namedNode(system)] }, [{ terms: [shape] }])).conforms) return false;
    return true;
  };
  const value = async (shapes) => (await matches(surely, shapes) ? true : await matches(maybe, shapes) ? null : false);
  const found = [];
  for (const { iri, upholds, applies } of bench.criteria) {
    const [fits, matched] = [await value(applies), await value([factory.namedNode(iri)])];
    const decided = matched === upholds ? "passed" : "failed";
    const outcome = fits === false ? "inapplicable" : fits === null || matched === null ? "cantTell" : decided;
    const verdict = `urn:verdict:${localId(iri)}`;
    found.push(triple(verdict, EARL + "subject", system), triple(verdict, EARL + "test", iri), triple(verdict, EARL + "result", verdict + ":result"), triple(verdict + ":result", EARL + "outcome", EARL + outcome));
  }
  return lines(found);
}

function facts(system, has, lacks) {
  const found = [triple(system, RDF + "type", SCS + "SocialCreditSystem")];
  for (const [link, features] of [["hasFeature", has], ["lacksFeature", lacks]]) for (const feature of features) found.push(triple(system, SCS + link, feature));
  return new Quads(found);
}
