// Answers one query over the shipped graph with Oxigraph; it can be ended at any time and reaches nothing else.
import { shipped } from "./graph.js";

onmessage = async ({ data: query }) => {
  try {
    const { engine, text } = await shipped();
    const store = new engine.Store();
    store.load(text, { format: "application/n-quads" });
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
