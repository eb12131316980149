// Runs SPARQL queries: on the server if the page is served; otherwise with Oxigraph in a worker, on the graph of the
// site.
const form = document.getElementById("query-form");
const output = document.getElementById("status");
const stop = document.getElementById("stop");
const answer = document.getElementById("answer");
const { endpoint } = form.dataset;
const shown = 1000;
const [NAMES, LIBRARY] = await Promise.all([unpacked(PACKED_NAMES), unpacked(PACKED_LIBRARY)]);
const pages = new Map(NAMES.map((entry) => [form.dataset.base + entry.address, entry]));
let running = null;
let worker = null;

// Loads the editor; on the static site, the file is compressed.
async function loadEditor() {
  const reply = await fetch(new URL("vendor/yasqe.min.js.gz", import.meta.url));
  const unzipped = await new Response(reply.body.pipeThrough(new DecompressionStream("gzip"))).text();
  const address = URL.createObjectURL(new Blob([unzipped], { type: "text/javascript" }));
  const script = Object.assign(document.createElement("script"), { src: address });
  await new Promise((done, failed) => { Object.assign(script, { onload: done, onerror: failed }); document.head.append(script); });
}

if (!("Yasqe" in window)) await loadEditor();
const yasqe = new Yasqe(document.getElementById("editor"), {
  autocompleters: [], persistenceId: null, showQueryButton: false, createShareableLink: null, resizeable: false,
  value: LIBRARY.questions[0].sparql, lineNumbers: true, viewportMargin: Infinity,
});
const scrolled = document.querySelector("#editor .CodeMirror-scroll");
scrolled.tabIndex = 0;
scrolled.setAttribute("role", "region");
scrolled.setAttribute("aria-label", document.getElementById("editor").getAttribute("aria-label"));
yasqe.getInputField().setAttribute("aria-label", document.getElementById("editor").getAttribute("aria-label"));

// Completion offers only the project's own prefixes and terms and never sends a request to another host.
yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), "Ctrl-Space": complete, Tab: false, "Shift-Tab": false });
function complete(editor) {
  const cursor = editor.getCursor();
  const before = editor.getLine(cursor.line).slice(0, cursor.ch).match(/[\w:-]*$/)[0];
  const list = LIBRARY.terms.filter((term) => term.startsWith(before) || term.split(":")[1].startsWith(before)).slice(0, 200);
  const from = { line: cursor.line, ch: cursor.ch - before.length };
  editor.showHint({ completeSingle: true, hint: () => ({ list, from, to: cursor }) });
}

const choice = form.elements.question;
const language = document.documentElement.lang;
for (const { name, titles } of LIBRARY.questions) choice.add(new Option(titles[language], name));

function choose(name, given = {}) {
  const found = LIBRARY.questions.find((question) => question.name === name);
  document.getElementById("question").textContent = found ? found.question[language] : "";
  const params = document.getElementById("params");
  params.replaceChildren(...(found ? found.params : []).map(({ name: param, type, meaning }) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { name: param, placeholder: type, value: given[param] || "" });
    input.addEventListener("input", () => { fill(found); saveToAddress(); });
    label.append(`${param}: ${meaning[language]}`, input);
    return label;
  }));
  if (found) { yasqe.setValue(found.sparql); fill(found); }
}

// Replaces the content of the VALUES block of each parameter with its value, as scs_kg.store.query_library does.
function fill(question) {
  let text = question.sparql;
  for (const { name, type } of question.params) {
    const value = form.elements[name].value.trim();
    if (!value) continue;
    const term = type.startsWith("xsd:") ? `"${value.replace(/["\\\n]/g, "")}"^^<http://www.w3.org/2001/XMLSchema#${type.slice(4)}>`
      : `<${value.includes("://") ? value : LIBRARY.prefixes[type.replace(/:$/, "")] + value.replace(/^\w*:/, "")}>`.replace(/[\s"{}|\\^`]/g, "");
    text = text.replace(new RegExp(`(VALUES \\?${name} \\{ )[^{}]*?( \\})`, "g"), (_, head, tail) => head + term + tail);
  }
  yasqe.setValue(text);
}

// Adds to the first line of a query the declarations of project prefixes that the query uses without declaring them.
function withPrefixes(query) {
  const missing = Object.entries(LIBRARY.prefixes).filter(([name]) =>
    new RegExp(`(^|[^\\w<:-])${name}:`, "m").test(query) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(query));
  return missing.map(([name, space]) => `PREFIX ${name}: <${space}> `).join("") + query;
}

// The address contains the name of the query of the library with its parameters, or the text of the reader's query.
function saveToAddress() {
  const params = new URLSearchParams();
  if (choice.value) {
    params.set("question", choice.value);
    for (const input of document.querySelectorAll("#params input")) if (input.value.trim()) params.set(input.name, input.value.trim());
  } else params.set("query", yasqe.getValue());
  history.replaceState(null, "", `?${params}`);
}

async function runQuery(query) {
  if (endpoint) {
    const control = new AbortController();
    running = () => control.abort();
    const reply = await fetch(endpoint, {
      method: "POST", body: query, signal: control.signal,
      headers: { "content-type": "application/sparql-query", accept: "application/sparql-results+json, text/turtle;q=0.9" },
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(problem(text));
    return reply.headers.get("content-type").includes("json") ? { rows: JSON.parse(text) } : { graph: text };
  }
  worker ??= new Worker(new URL("query-worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    const end = (message) => { worker?.terminate(); worker = null; reject(new Error(message)); };
    running = () => end(output.dataset.stopped);
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => end(event.message);
    worker.postMessage(query);
  });
}

function problem(text) {
  try { return JSON.parse(text).detail; } catch { return text.slice(0, 500); }
}

const short = (term) => {
  if (!term) return "";
  if (term.type !== "uri") return term.value;
  const fits = Object.entries(LIBRARY.prefixes).filter(([, space]) => term.value.startsWith(space)).sort((a, b) => b[1].length - a[1].length)[0];
  return fits ? `${fits[0]}:${term.value.slice(fits[1].length)}` : term.value;
};

// Returns a term as text, or as a link with its name if a page of this site shows it.
function linked(term, text) {
  const found = term?.type === "uri" && pages.get(term.value);
  if (!found) return text;
  const link = document.createElement("a");
  const language = document.documentElement.lang;
  link.href = `${found.address}.html`;
  link.textContent = found.names[language] || found.names.en || text;
  link.title = text;
  return link;
}

function show({ rows, graph }) {
  const [head, body] = [answer.querySelector("thead"), answer.querySelector("tbody")];
  head.replaceChildren(); body.replaceChildren();
  document.getElementById("chart").replaceChildren();
  document.getElementById("graph").hidden = !graph;
  document.getElementById("graph").textContent = graph || "";
  document.getElementById("csv").hidden = Boolean(graph);
  const names = rows && rows.head.vars || [];
  const found = rows && (rows.results ? rows.results.bindings : [{ answer: { type: "literal", value: String(rows.boolean) } }]) || [];
  if (rows && !rows.results) names.push("answer");
  const cells = found.map((row) => names.map((name) => short(row[name])));
  const line = (texts, tag) => { const row = document.createElement("tr"); row.append(...texts.map((text) => { const cell = document.createElement(tag); cell.append(text); return cell; })); return row; };
  if (names.length) head.append(line(names, "th"));
  body.append(...cells.slice(0, shown).map((texts, row) => line(texts.map((text, column) => linked(found[row][names[column]], text)), "td")));
  chart(names, cells);
  const isNumber = (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  const quote = (text) => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  setDownload("csv", [names, ...cells].map((texts) => texts.map((text) => quote(/^[=+\-@\t\r]/.test(text) && !isNumber(text) ? `'${text}` : text)).join(",")).join("\r\n"), "answer.csv", "text/csv");
  const [name, type] = graph ? ["answer.ttl", "text/turtle"] : ["answer.json", "application/json"];
  setDownload("json", graph || JSON.stringify(rows, null, 1), name, type);
  document.getElementById("json").textContent = graph ? "Turtle" : "JSON";
  answer.hidden = false;
  output.textContent = graph ? output.dataset.graph : `${found.length} ${output.dataset.rows}${found.length > shown ? ` (${shown})` : ""}`;
}

function setDownload(id, text, name, type) {
  const link = document.getElementById(id);
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
}

// Draws a bar chart of the last column that has only numbers, labelled by the first column.
function chart(names, cells) {
  const column = names.findLastIndex((_, index) => index && cells.length && cells.every((texts) => /^\d+(\.\d+)?$/.test(texts[index])));
  if (column < 1) return;
  const space = "http://www.w3.org/2000/svg";
  const top = Math.max(...cells.map((texts) => Number(texts[column])), 1);
  const svg = document.createElementNS(space, "svg");
  const svgElement = (name, attributes, text = "") => { const node = document.createElementNS(space, name); for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value); node.textContent = text; return node; };
  const bars = cells.slice(0, 60);
  svg.setAttribute("viewBox", `0 0 900 ${bars.length * 20}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", names[column]);
  bars.forEach((texts, index) => svg.append(
    svgElement("text", { x: 290, y: index * 20 + 14, "text-anchor": "end", class: "bar-name" }, texts[0].slice(0, 40)),
    svgElement("rect", { x: 300, y: index * 20 + 2, width: Number(texts[column]) / top * 520, height: 15, class: "bar" }),
    svgElement("text", { x: 305 + Number(texts[column]) / top * 520, y: index * 20 + 14, class: "bar-name" }, texts[column])));
  document.getElementById("chart").append(svg);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  output.textContent = endpoint ? output.dataset.running : output.dataset.loading;
  stop.disabled = false;
  const query = withPrefixes(yasqe.getValue());
  saveToAddress();
  document.getElementById("link").href = location.href;
  try { show(await runQuery(query)); } catch (error) { answer.hidden = true; output.textContent = error.message; }
  stop.disabled = true;
});
stop.addEventListener("click", () => running && running());
choice.addEventListener("change", () => { choose(choice.value); saveToAddress(); });
// After the reader changes the text, it is a query of the reader.
yasqe.on("change", (_, change) => { if (change.origin !== "setValue" && choice.value) { choice.value = ""; choose(""); } });
const params = new URLSearchParams(location.search);
if (params.get("question")) { choice.value = params.get("question"); choose(choice.value, Object.fromEntries(params)); }
else { choice.value = LIBRARY.questions[0].name; choose(choice.value); }
if (params.get("query")) { choice.value = ""; choose(""); yasqe.setValue(params.get("query")); }
form.dataset.ready = "";
if (params.has("query") || params.has("question")) form.requestSubmit();
