// Runs SPARQL queries with Oxigraph on the graph that is a file of the site. The page can terminate this worker at any
// time.
import { loadGraph } from "./graph.js";

let loaded = null;

onmessage = async ({ data: query }) => {
  try {
    loaded ??= loadGraph();
    const { store } = await loaded;
    const options = { use_default_graph_as_union: true };
    let result;
    try {
      result = { rows: JSON.parse(store.query(query, { ...options, results_format: "json" })) };
    } catch (error) {
      if (!/CONSTRUCT|DESCRIBE/i.test(query)) throw error;
      result = { graph: store.query(query, { ...options, results_format: "text/turtle" }) };
    }
    postMessage(result);
  } catch (error) {
    if (loaded) loaded.catch(() => { loaded = null; }); // the next query loads the graph again
    postMessage({ error: String(error.message || error) });
  }
};
