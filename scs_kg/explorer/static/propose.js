// Writes a claim in Turtle from the form, or takes a file. Sends the claim to the server if the page is served;
// otherwise to a worker with the graph of the site. Shows the problems and the cells that would change, and offers the
// file for download.
import { keepWritten, markFields, offerHandIn, showDefinitions } from "./propose-form.js";
import { showSummary } from "./propose-summary.js";

const form = document.getElementById("proposal");
const output = document.getElementById("status");
const answer = document.getElementById("answer");
const { endpoint } = form.dataset;
const [MARK_SIGNS, MARK_WORDS] = [JSON.parse(answer.dataset.signs), JSON.parse(answer.dataset.words)];
const QUERIES = ["bearing", "contradictions", "known", "matrix", "names", "readings"];
const TYPES = {
  ttl: "text/turtle", trig: "application/trig", nt: "application/n-triples", nq: "application/n-quads", jsonld: "application/ld+json", json: "application/ld+json",
  yaml: "application/yaml", yml: "application/yaml", csv: "text/csv", tsv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const READABLE_WITHOUT_SERVER = ["ttl", "trig", "nt", "nq"];
const LEXICAL = { boolean: /^(true|false)$/i, date: /^\d{4}-\d\d-\d\d$/, decimal: /^[+-]?\d*\.\d+$/, gYear: /^\d{4}$/, gYearMonth: /^\d{4}-\d\d$/, integer: /^[+-]?\d+$/ };
const [NAMES, LIBRARY] = await Promise.all([unpacked(PACKED_NAMES), unpacked(PACKED_LIBRARY)]);
const inputs = [...form.querySelectorAll("[data-predicate]")];
const stop = document.getElementById("stop");
const byId = (id) => document.getElementById(id);
const newElement = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

// Returns the contents of the form as Turtle: a claim, and a new source if the source has an id.

const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
const quoted = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => (/[\p{L}\p{N}\p{P}\p{S}]/u.test(char) || /[\ud800-\udfff]/.test(char) ? char : "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0")));

function iri(space, written) {
  const name = written.replace(/^[a-z]+:(?!\/\/)/, "");
  if (/^https?:\/\//.test(name)) return `<${encodeURI(name)}>`;
  const prefix = Object.keys(LIBRARY.prefixes).find((key) => LIBRARY.prefixes[key] === space);
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) && prefix ? `${prefix}:${name}` : `<${space}${encodeURIComponent(name)}>`;
}

// Returns the id of the option whose label was typed, or the text itself.
function optionId(input, written) {
  const options = input.list ? [...input.list.options] : [];
  const fits = options.filter((option) => option.label.toLowerCase().split(" · ").includes(written.toLowerCase()));
  return options.some((option) => option.value === written) || fits.length !== 1 ? written : fits[0].value;
}

function term(input, written) {
  const { space, values, datatypes, language, address } = input.dataset;
  if (values) return iri(space, optionId(input, written));
  if (address) return `<${written.replace(/[\s<>"{}|\\^`]/g, (char) => encodeURIComponent(char))}>`;
  const datatype = datatypes.split(" ").find((name) => LEXICAL[name]?.test(written));
  if (datatype) return `${quoted(datatype === "boolean" ? written.toLowerCase() : written)}^^xsd:${datatype}`;
  const tag = language === "*" ? form.elements["Source.language"].value.split(";")[0].trim() || "en" : language;
  return quoted(written) + (tag ? `@${/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) ? tag : "und"}` : "");
}

const valuesOf = (input) => (input.dataset.many ? input.value.split(";") : [input.value]).map((text) => text.trim()).filter(Boolean);
const short = (predicate) => {
  const [prefix, space] = Object.entries(LIBRARY.prefixes).filter(([, space]) => predicate.startsWith(space)).sort((a, b) => b[1].length - a[1].length)[0];
  return `${prefix}:${predicate.slice(space.length)}`;
};

function record(kind, name) {
  const own = inputs.filter((input) => input.name.startsWith(kind + "."));
  const lines = own.map((input) => [short(input.dataset.predicate), valuesOf(input).map((text) => term(input, text))]).filter(([, terms]) => terms.length);
  return [`${name} a scs:${kind}`, ...lines.map(([predicate, terms]) => `${predicate} ${terms.join(" , ")}`)].join(" ;\n  ") + " .\n";
}

function turtle() {
  const parts = ["system", "feature", "source"].map((name) => { const input = form.elements[`Claim.${name}`]; return slug(optionId(input, input.value.trim()).replace(/^[a-z]+:/, "")); });
  const { value: id } = form.elements["Claim.id"];
  const claim = record("Claim", iri(LIBRARY.prefixes.claim, id.trim() || parts.filter(Boolean).join("-") || "unnamed"));
  const source = form.elements["Source.id"].value.trim();
  const body = claim + (source ? "\n" + record("Source", iri(LIBRARY.prefixes.src, source)) : "");
  const used = Object.entries(LIBRARY.prefixes).filter(([prefix]) => new RegExp(`(^|[\\s^])${prefix}:`, "m").test(body)).sort();
  return used.map(([prefix, space]) => `@prefix ${prefix}: <${space}> .\n`).join("") + "\n" + body;
}

// Validation of a draft, by the JSON API of the server or by the worker.

async function checkOnServer({ ending, bytes }) {
  const aborting = new AbortController();
  stopping = () => aborting.abort(new Error(output.dataset.stopped));
  const post = async (path) => {
    const reply = await fetch(`${endpoint}/${path}`, { signal: aborting.signal, method: "POST", body: bytes, headers: { "content-type": TYPES[ending], accept: "application/json" } });
    const found = await reply.json();
    if (!reply.ok) throw new Error(found.detail || String(reply.status));
    return found;
  };
  const { problems } = await post("check");
  const isValid = !problems.some((problem) => problem.severity === "error");
  if (!isValid) return { problems, cells: null };
  const { cells, summary, notCountedIn } = await post("what-if");
  return { problems, cells, summary: { ...summary, notCountedIn } };
}

let worker = null;
let stopping = () => {};
function checkInWorker(draft) {
  worker ||= new Worker(new URL("propose-worker.js", import.meta.url), { type: "module" });
  const queries = Object.fromEntries(LIBRARY.questions.filter(({ name }) => QUERIES.includes(name)).map(({ name, sparql }) => [name, sparql]));
  return new Promise((resolve, reject) => {
    const giveUp = (message) => { worker.terminate(); worker = null; reject(new Error(message)); };
    stopping = () => giveUp(output.dataset.stopped);
    worker.onmessage = ({ data }) => (data.error ? giveUp(data.error) : resolve(data));
    worker.onerror = (event) => giveUp(event.message);
    worker.postMessage({ draft, queries, fields: LIBRARY.fields, prefixes: LIBRARY.prefixes, hidden: LIBRARY.hidden, today: new Date().toISOString().slice(0, 10) });
  });
}

async function propose(draft) {
  answer.hidden = true;
  output.textContent = endpoint ? output.dataset.running : output.dataset.loading;
  const buttons = [...form.querySelectorAll("button")].filter((button) => button !== stop);
  for (const button of buttons) button.disabled = true;
  stop.disabled = false;
  const limit = setTimeout(() => stopping(), Number(form.dataset.limit) * 1000);
  try {
    if (!(draft.ending in TYPES) || (!endpoint && !READABLE_WITHOUT_SERVER.includes(draft.ending))) throw new Error(output.dataset.unread);
    show(draft, await (endpoint ? checkOnServer : checkInWorker)(draft));
  } catch (error) { output.textContent = error.message; }
  clearTimeout(limit);
  stop.disabled = true;
  for (const button of buttons) button.disabled = false;
}

// Display of the problems (with the messages of `scs-kg check`), the cells and the file.

function show(draft, { problems, cells, summary }) {
  byId("wrong").hidden = !problems.length;
  byId("problems").replaceChildren(...problems.map(problemItem));
  const changed = (cells || []).filter((cell) => cell.before.mark !== cell.after.mark);
  byId("cells").hidden = !changed.length;
  byId("cells").querySelector("tbody").replaceChildren(...changed.map(cellRow));
  const { count, none, errors, unchanged } = answer.dataset;
  byId("changes").textContent = !cells ? errors : changed.length ? `${changed.length} ${count}` : unchanged;
  output.textContent = problems.length ? `${problems.length} ${output.dataset.problems}` : none;
  const [file, text] = [byId("file"), draft.ending === "xlsx" ? "" : new TextDecoder().decode(draft.bytes)];
  URL.revokeObjectURL(file.href);
  file.href = URL.createObjectURL(new Blob([draft.bytes], { type: TYPES[draft.ending] }));
  file.download = draft.name;
  file.textContent = draft.name;
  byId("text").textContent = text.slice(0, 20_000);
  byId("text").hidden = !text;
  byId("ready").hidden = !cells;
  showSummary(byId("summary"), summary, nameOf);
  offerHandIn(byId("hand-in"), text, Boolean(cells));
  answer.hidden = false;
  markFields(form, draft.isForm ? problems : [], text, short, ({ rule, message }) => (chineseRule(rule) ? { textContent: chineseRule(rule) } : { textContent: message, lang: "en" }));
}

const chineseRule = (rule) => document.documentElement.lang === "zh-Hans" && LIBRARY.rules[rule];

function problemItem({ line, column, cell, node, severity, message, rule, nearest }) {
  const item = newElement("li", "", { className: severity });
  const suggestion = nearest.length ? ` (did you mean ${nearest.join(" or ")}?)` : "";
  const where = [cell || (line ? [line, column].filter(Boolean).join(":") : ""), output.dataset[severity]].filter(Boolean).join(": ");
  const text = newElement("span", `${node}: ${message}${suggestion}`, { lang: "en" });
  item.append(newElement("strong", where), " ", ...(chineseRule(rule) ? [newElement("span", chineseRule(rule)), document.createElement("br")] : []), text, " ", newElement("code", rule));
  item.dataset.rule = rule;
  item.dataset.node = node;
  return item;
}

const nameOf = (address) => {
  const found = NAMES.find((entry) => entry.address === address);
  return found ? found.names[document.documentElement.lang] || found.names.en || found.names["zh-Hans"] : address.split("/").pop();
};

function cellRow({ guideline, reading, principle, system, before, after }) {
  const row = document.createElement("tr");
  const link = newElement("a", nameOf(`guideline/${guideline}/${principle}`), { href: `reading/${reading}/${system}.html#${principle}` });
  const cells = [nameOf(`guideline/${guideline}`), nameOf(`reading/${reading}`), nameOf(`system/${system}`), link].map((content) => { const cell = newElement("td"); cell.append(content); return cell; });
  const words = MARK_WORDS[reading];
  const shown = ({ mark, met, notMet, of }) => newElement("td", `${MARK_SIGNS[mark]} ${mark.startsWith("notMet") ? notMet : met}/${of} ${words[mark]}`, { className: mark });
  row.append(...cells, shown(before), shown(after));
  row.dataset.cell = [guideline, reading, principle, system, before.mark, after.mark].join(" ");
  return row;
}

// Fills the suggestions for systems, features and sources from the search index, with the names in each language.
for (const list of document.querySelectorAll("datalist[data-folder]")) {
  const folder = list.dataset.folder + "/";
  const own = NAMES.filter(({ address }) => address.startsWith(folder));
  list.replaceChildren(...own.map(({ address, names }) => newElement("option", "", { value: address.slice(folder.length), label: [...new Set(Object.values(names))].join(" · ") })));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  propose({ name: "claim.ttl", ending: "ttl", isForm: true, bytes: new TextEncoder().encode(turtle()) });
});

stop.addEventListener("click", () => stopping());

const proposeFile = async (file) => file && propose({ name: file.name, ending: file.name.split(".").pop().toLowerCase(), bytes: new Uint8Array(await file.arrayBuffer()) });
byId("chosen").addEventListener("change", ({ target }) => proposeFile(target.files[0]).then(() => { target.value = ""; }));
const drop = byId("drop");
for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, (event) => {
  event.preventDefault();
  drop.classList.toggle("over", name === "dragover");
  if (name === "drop") proposeFile(event.dataTransfer.files[0]);
});
keepWritten(form);
showDefinitions(form);
form.dataset.ready = "";
