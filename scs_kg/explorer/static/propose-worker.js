// Holds drafts against the rules and tells what would follow, over the shipped graph; it lives on, so that the graph is read once.
import { open } from "./graph.js";
import { changedCells, prepareCells } from "./propose-cells.js";
import { readDraft } from "./propose-draft.js";
import { check, prepare, readNames } from "./propose-rules.js";
import { rows } from "./terms.js";

let ready = null;

async function begin({ questions, prefixes, fields }) {
  const graph = await open();
  const cells = prepareCells(graph.engine, graph);
  return { ...graph, rules: prepare(graph.engine, graph), cells, about: { prefixes, fields, names: readNames(rows(cells.store, questions.names)) } };
}

onmessage = async ({ data }) => {
  try {
    ready ||= begin(data);
    const { engine, rules, cells, about } = await ready;
    const draft = readDraft(engine, data.draft, data.prefixes);
    const problems = await check(rules, draft, data.today, about);
    const sound = !problems.some((problem) => problem.severity === "error");
    postMessage({ problems, cells: sound ? await changedCells(cells, draft, data.questions) : null });
  } catch (error) {
    postMessage({ error: String(error.message || error) });
  }
};
