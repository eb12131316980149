// Checks drafts and computes the cells that they would change, with the graph that is a file of the site. The worker
// stays alive between drafts, so that the graph is loaded only once.
import { loadQuads } from "./graph.js";
import { check, prepareCheck, readNames } from "./propose-check.js";
import { readDraft } from "./propose-draft.js";
import { changedCells, prepareWhatIf } from "./propose-what-if.js";
import { selectRows } from "./rdf.js";

let prepared = null;

async function prepare({ queries, prefixes, fields, hidden }) {
  const graph = await loadQuads();
  const whatIf = prepareWhatIf(graph.engine, graph);
  const names = readNames(selectRows(graph.store, queries.names));
  return { engine: graph.engine, whatIf, checker: prepareCheck(graph.engine, graph), vocabulary: { prefixes, fields, names, hidden } };
}

onmessage = async ({ data }) => {
  try {
    prepared ||= prepare(data);
    const { engine, checker, whatIf, vocabulary } = await prepared;
    const draft = readDraft(engine, data.draft, data.prefixes);
    const problems = await check(checker, draft, data.today, vocabulary);
    const isValid = !problems.some((problem) => problem.severity === "error");
    postMessage({ problems, ...(isValid ? await changedCells(whatIf, draft, data.queries) : { cells: null }) });
  } catch (error) {
    postMessage({ error: String(error.message || error) });
  }
};
