// Answers one query over the shipped graph with Oxigraph; it can be ended at any time and reaches nothing else.
import initialise, { Store } from "./vendor/oxigraph.js";

const unpacked = async (name) => {
  const reply = await fetch(new URL(name, import.meta.url));
  if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
  return new Response(reply.body.pipeThrough(new DecompressionStream("gzip")));
};

onmessage = async ({ data: query }) => {
  try {
    const [engine, graph] = await Promise.all([
      unpacked("vendor/oxigraph.wasm.gz").then((reply) => reply.arrayBuffer()),
      unpacked("graph.nq.gz").then((reply) => reply.text()),
    ]);
    await initialise({ module_or_path: engine });
    const store = new Store();
    store.load(graph, { format: "application/n-quads" });
    const options = { use_default_graph_as_union: true };
    let found;
    try {
      found = { rows: JSON.parse(store.query(query, { ...options, results_format: "json" })) };
    } catch (error) {
      if (!/CONSTRUCT|DESCRIBE/i.test(query)) throw error;
      found = { graph: store.query(query, { ...options, results_format: "text/turtle" }) };
    }
    postMessage(found);
  } catch (error) {
    postMessage({ error: String(error.message || error) });
  }
};
