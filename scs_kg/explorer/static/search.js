// Searches names, definitions, statements, clauses and sources. The index, names.js and texts.js, is generated.
"use strict";
const form = document.getElementById("search");
const output = document.getElementById("status");
const groups = [...document.querySelectorAll("#found section")];
const more = document.getElementById("found").dataset.more;
const language = document.documentElement.lang;
const mostShown = 8;
let entries = null; // until the texts are unpacked
let definitions = {};
let byAddress = new Map();

const local = (texts) => (texts ? texts[language] || texts.en || texts["zh-Hans"] || Object.values(texts)[0] || "" : "");
const nameAt = (address) => local(byAddress.get(address)?.names) || (address || "").split("/").pop();

function entry(kind, address, title, text, named = {}, initialsOf = "") {
  const { names = {}, also = [], pinyin = [] } = named;
  const allNames = [...Object.values(names).map(fold), ...initialsOf ? [fold(initialsOf)] : []];
  const padded = ` ${fold([address.split("/").pop(), ...Object.values(names), ...also, initialsOf, ...text].join(" "))}`;
  return { kind, address, title, text: text.join(" "), names: allNames, also: also.map(fold), pinyin, initials: initialsOf ? [initials(initialsOf)] : [], padded };
}

const onPages = (pages, read) => Object.entries(pages).flatMap(([page, entries]) =>
  entries.map(([fragment, ...rest]) => read(`${page}#${fragment}`, ...rest)));

const kindOf = (address) => (address.split("/").length === 3 ? "principle" : address.split("/")[0]);
function readEntries(names, texts) {
  const sourceTexts = new Map(texts.sources.map(([address, short, publisher]) => [address, [short, publisher]]));
  return [
    ...texts.questions.map(([address, titles, leads]) => entry("question", address, local(titles), Object.values(leads), { names: titles })),
    ...texts.guide.map(([address, title, lead]) => entry("guide", address, title, [lead], { names: { en: title } })),
    ...names.filter(({ address }) => !sourceTexts.has(address)).map((named) =>
      entry(kindOf(named.address), named.address, local(named.names), Object.values(texts.definitions[named.address] || {}), named)),
    ...[...sourceTexts].map(([address, [short, publisher]]) => {
      const item = entry("source", address, short, [local(byAddress.get(address)?.names)], byAddress.get(address), short);
      item.initials.push(initials(publisher || ""));
      item.padded += ` ${fold(publisher || "")}`;
      return item;
    }),
    ...onPages(texts.claims, (address, system, feature, statement) =>
      entry("claim", address, `${nameAt(`system/${system}`)} · ${nameAt(`feature/${feature}`)}`, [statement])),
    ...onPages(texts.clauses, (address, principle, criterion, text) =>
      entry("clause", address, `${nameAt(principle)} · ${nameAt(criterion)}`, [text])),
  ];
}

function item({ address, title, text, kind }) {
  const [path, fragment] = address.split("#");
  const link = document.createElement("a");
  link.href = `${path}.html${fragment ? `#${fragment}` : ""}`;
  link.textContent = title;
  const element = document.createElement("li");
  element.append(link);
  const named = byAddress.get(address);
  const others = named ? [...Object.values(named.names), ...named.also || []].filter((name) => name !== title) : [];
  const rest = kind === "question" ? "" : ["claim", "clause", "guide"].includes(kind) ? text : others.join(" · ") || local(definitions[address]);
  const small = document.createElement("small");
  small.textContent = ` ${rest.length > 240 ? `${rest.slice(0, 240)}…` : rest}`;
  element.append(small);
  return element;
}

function showGroup(section, hits) {
  section.hidden = !hits.length;
  const list = section.querySelector("ul");
  section.querySelector("details")?.remove();
  list.replaceChildren(...hits.slice(0, mostShown).map(item));
  if (hits.length <= mostShown) return;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = more.replace("{count}", (hits.length - mostShown).toLocaleString("en"));
  const others = document.createElement("ul");
  details.append(summary, others);
  details.addEventListener("toggle", () => others.replaceChildren(...hits.slice(mostShown).map(item)), { once: true });
  section.append(details);
}

function show() {
  if (!entries) return;
  const query = fold(form.elements.q.value);
  const words = query.split(" ").filter(Boolean);
  const found = new Map(groups.map((section) => [section.dataset.kind, []]));
  if (words.length) for (const one of entries) {
    const points = score(one, query, words);
    if (points) found.get(one.kind)?.push([points, one]);
  }
  const best = (hits) => (hits.length ? hits[0][0] : 0);
  for (const hits of found.values()) hits.sort(([a], [b]) => b - a);
  const order = [...groups].sort((a, b) => best(found.get(b.dataset.kind)) - best(found.get(a.dataset.kind)) || groups.indexOf(a) - groups.indexOf(b));
  for (const section of order) {
    showGroup(section, found.get(section.dataset.kind).map(([, one]) => one));
    section.parentElement.append(section);
  }
  const count = [...found.values()].reduce((sum, hits) => sum + hits.length, 0);
  output.textContent = !words.length ? "" : count ? output.dataset.found.replace("{count}", count.toLocaleString("en")) : output.dataset.none;
}

form.elements.q.value = new URLSearchParams(location.search).get("q") || "";
form.addEventListener("input", () => {
  const query = form.elements.q.value;
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
Promise.all([unpacked(PACKED_NAMES), unpacked(PACKED_TEXTS)]).then(([names, texts]) => {
  ({ definitions } = texts);
  byAddress = new Map(names.map((entry) => [entry.address, entry]));
  entries = readEntries(names, texts);
  show();
});
