// Opens what is shipped: Oxigraph, and the graph as text or as the quads of what is stated; what was inferred is inferred anew.
import initialise, * as engine from "./vendor/oxigraph.js";
import { Quads, readLines } from "./terms.js";

const unpacked = async (name) => {
  const reply = await fetch(new URL(name, import.meta.url));
  if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
  return new Response(reply.body.pipeThrough(new DecompressionStream("gzip")));
};

export async function shipped() {
  const [wasm, text] = await Promise.all([
    unpacked("vendor/oxigraph.wasm.gz").then((reply) => reply.arrayBuffer()),
    unpacked("graph.nq.gz").then((reply) => reply.text()),
  ]);
  await initialise({ module_or_path: wasm });
  return { engine, text };
}

// All that is stated, the rules that data are held against, and what is neither a rule nor claims.
export async function open() {
  const { text } = await shipped();
  const quads = [...readLines(text)].filter((quad) => !quad.graph.value.endsWith("/graph/inferred"));
  const of = (pattern) => new Quads(quads.filter((quad) => pattern.test(quad.graph.value)));
  return { engine, ground: new Quads(quads), rules: of(/\/graph\/ontology\/integrity\//), norms: of(/\/graph\/(ontology\/(?!integrity|style)|data\/[^/]+$)/) };
}
