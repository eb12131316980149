// The cells that claims would change: the questions of the library over what is said of the systems that the claims are about,
// with them and without, and the criteria judged by the reference method: SHACL on the known facts, and on all that they
// do not rule out (scs_kg.judge, by_pyshacl).
import { Validator, factory } from "./vendor/shacl-engine.js";
import { beside } from "./propose-draft.js";
import { EARL, Graph, INFERRED, Quads, RDF, SCS, SH, localId, plainQuad } from "./terms.js";

const RULES = /\/graph\/(ontology\/(integrity|style)|data\/)/;
const OF_SHAPES = (predicate) => predicate.startsWith(SH) || [RDF + "first", RDF + "rest", SCS + "appliesIf", SCS + "polarity"].includes(predicate);

// What every answer needs again: the graph without data and rules, and the criteria made ready.
export function prepareCells(graph) {
  const norms = new Graph(graph.engine);
  for (const quad of graph.quads()) if (!RULES.test(quad.graph.value)) norms.add(quad.subject, quad.predicate, quad.object);
  const shapes = new Quads(norms.quads().filter((quad) => OF_SHAPES(quad.predicate.value)).map((quad) => plainQuad(quad, factory)));
  const tested = [...norms.quads(null, SH + "hasValue"), ...norms.quads(null, RDF + "first")].map((quad) => quad.object);
  const criteria = norms.subjects(RDF + "type", SCS + "Criterion").map((criterion) => ({
    iri: criterion.value,
    upholds: norms.objects(criterion, SCS + "polarity")[0].value === SCS + "Upholds",
    applies: norms.objects(criterion, SCS + "appliesIf").map(shapeTerm),
  }));
  return { norms, criteria, features: [...new Set(tested.filter((term) => term.termType === "NamedNode").map((term) => term.value))], validator: new Validator(shapes, { factory }) };
}

const shapeTerm = (term) => (term.termType === "NamedNode" ? factory.namedNode(term.value) : factory.blankNode(term.value));

// Return each cell whose outcome changes: guideline, reading, principle and system by id, before and after.
export async function changedCells(graph, bench, draft, questions) {
  const { restated } = beside(graph, draft.triples);
  const fresh = draft.triples.filter((triple) => !restated.has(triple.subject.value));
  const about = fresh.filter((triple) => triple.predicate.value === SCS + "about").map((triple) => triple.object.value);
  const cells = [];
  for (const system of [...new Set(about)].sort()) {
    const [before, after] = [await marks(graph, bench, system, [], questions), await marks(graph, bench, system, fresh, questions)];
    for (const [key, cell] of after) if (before.get(key).outcome !== cell.outcome) cells.push({ ...cell.place, before: { outcome: before.get(key).outcome }, after: { outcome: cell.outcome } });
  }
  return cells;
}

// The marks of one system in every reading that takes new claims, in the order of the comparison.
async function marks(graph, bench, system, fresh, questions) {
  const all = new Graph(graph.engine);
  const put = (quads, where) => { for (const quad of quads) all.add(quad.subject, quad.predicate, quad.object, where); };
  put(bench.norms.quads());
  put(graph.quads(system));
  for (const claim of graph.subjects(SCS + "about", system)) {
    put(graph.quads(claim));
    for (const link of ["supersedes", "retracts"]) put(graph.quads(null, SCS + link, claim));
  }
  put(fresh);
  for (const name of ["bearing", "contradictions", "known"]) put(all.ask(questions[name]), INFERRED);
  await judge(all, bench, system);
  const readings = new Map(all.ask(questions.readings).filter((row) => !row.get("dataset")).map((row) => [row.get("reading").value, row.get("guideline").value]));
  const found = all.ask(questions.matrix).filter((row) => readings.has(row.get("reading").value) && row.get("system").value === system);
  return new Map(found.map((row) => {
    const [reading, principle] = [row.get("reading").value, row.get("principle").value];
    const place = { guideline: localId(readings.get(reading)), reading: localId(reading), principle: localId(principle), system: localId(system) };
    return [`${reading} ${principle}`, { place, outcome: localId(row.get("outcome").value) }];
  }));
}

// Write the verdict of each criterion on a system into the graph.
async function judge(all, bench, system) {
  const [has, lacks] = ["hasFeature", "lacksFeature"].map((link) => new Set(all.objects(system, SCS + link).map((term) => term.value)));
  const possible = [bench.features.filter((feature) => !lacks.has(feature)), bench.features.filter((feature) => !has.has(feature))];
  const [surely, maybe] = [facts(system, has, lacks), facts(system, ...possible)];
  const matches = async (dataset, shapes) => {
    for (const shape of shapes) if (!(await bench.validator.validate({ dataset, terms: [factory.namedNode(system)] }, [{ terms: [shape] }])).conforms) return false;
    return true;
  };
  const value = async (shapes) => (await matches(surely, shapes) ? true : await matches(maybe, shapes) ? null : false);
  for (const { iri, upholds, applies } of bench.criteria) {
    const [fits, matched] = [await value(applies), await value([factory.namedNode(iri)])];
    const decided = matched === upholds ? "passed" : "failed";
    const outcome = fits === false ? "inapplicable" : fits === null || matched === null ? "cantTell" : decided;
    const verdict = `urn:verdict:${localId(iri)}`;
    for (const [s, p, o] of [[verdict, "subject", system], [verdict, "test", iri], [verdict, "result", verdict + ":result"], [verdict + ":result", "outcome", EARL + outcome]]) all.add(s, EARL + p, o, INFERRED);
  }
}

function facts(system, has, lacks) {
  const quad = (link, feature) => factory.quad(factory.namedNode(system), factory.namedNode(link), factory.namedNode(feature));
  const found = [quad(RDF + "type", SCS + "SocialCreditSystem")];
  for (const [link, features] of [["hasFeature", has], ["lacksFeature", lacks]]) for (const feature of features) found.push(quad(SCS + link, feature));
  return new Quads(found);
}
