// Finds the claims that are related to new claims by derived triples. The queries of the library (contradictions,
// known) derive these triples.
import { SCS, localId } from "./rdf.js";

// Returns the claims in the data that the derived triples relate to the added claims on a system, each with its source
// and statement. Related claims contradict an added claim, or establish the same feature from another source.
export function relatedClaims({ store, engine }, system, added) {
  const node = (iri) => engine.namedNode(iri);
  const about = added.filter((one) => one.predicate.value === SCS + "about");
  const all = new Set(about.map((one) => one.subject.value));
  const own = about.filter((one) => one.object.value === system).map((one) => one.subject.value);
  const value = (claim, name) => store.match(node(claim), node(SCS + name))[0]?.object.value;
  const shown = (claims) => [...new Set(claims)].filter((claim) => !all.has(claim)).sort().map((claim) => ({ source: localId(value(claim, "source")), statement: value(claim, "statement") }));
  const contradicted = own.flatMap((claim) => store.match(node(claim), node(SCS + "contradicts")).map((quad) => quad.object.value));
  const alike = own.flatMap((claim) => {
    const feature = node(value(claim, "feature"));
    if (!store.match(node(claim), node(SCS + "establishes"), feature).length) return [];
    const others = store.match(null, node(SCS + "establishes"), feature).map((quad) => quad.subject.value);
    return others.filter((other) => value(other, "about") === system && value(other, "source") !== value(claim, "source"));
  });
  return { contradicted: shown(contradicted), alike: shown(alike) };
}
