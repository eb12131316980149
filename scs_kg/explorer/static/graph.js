// Loads Oxigraph and the graph that is a file of the site, as a store or as quads.
import initialise, * as engine from "./vendor/oxigraph.js";
import { Quads, parseNQuads } from "./rdf.js";

const fetchGzip = async (name) => {
  const reply = await fetch(new URL(name, import.meta.url));
  if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
  return new Response(reply.body.pipeThrough(new DecompressionStream("gzip")));
};

// Returns `engine`, and `store` with all quads.
export async function loadGraph() {
  const [wasm, text] = await Promise.all([
    fetchGzip("vendor/oxigraph.wasm.gz").then((reply) => reply.arrayBuffer()),
    fetchGzip("graph.trig.gz").then((reply) => reply.text()),
  ]);
  await initialise({ module_or_path: wasm });
  const store = new engine.Store();
  store.load(text, { format: "application/trig" });
  return { engine, store };
}

// Returns `engine`; `store` with all quads; `asserted` with all quads except the inferred ones; `rules` with the
// validation rules; and `ontology` with the terms, criteria and guidelines, without validation rules and claims.
export async function loadQuads() {
  const { engine, store } = await loadGraph();
  const quads = [...parseNQuads(store.dump({ format: "application/n-quads" }))].filter((quad) => !quad.graph.value.endsWith("/graph/inferred"));
  const inGraphs = (pattern) => new Quads(quads.filter((quad) => pattern.test(quad.graph.value)));
  return {
    engine,
    store,
    asserted: new Quads(quads),
    rules: inGraphs(/\/graph\/ontology\/integrity\//),
    ontology: inGraphs(/\/graph\/(ontology\/(?!integrity|style)|data\/[^/]+$)/),
  };
}
