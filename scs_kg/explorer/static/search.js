// Searches names, definitions, statements, clauses and sources. The index, names.js and texts.js, is generated.
"use strict";
const form = document.getElementById("search");
const output = document.getElementById("status");
const groups = [...document.querySelectorAll("#found section")];
const more = document.getElementById("found").dataset.more;
const language = document.documentElement.lang;
const similar = document.getElementById("similar");
const mostShown = 8;
let entries = null; // null until the texts are unpacked
let known = null; // the words of the names, which are computed for the first query that matches nothing
const spelledOut = new Map(); // the names of publishers, keyed by their initials
let definitions = {};
let byAddress = new Map();

const local = (texts) => (texts ? texts[language] || texts.en || texts["zh-Hans"] || Object.values(texts)[0] || "" : "");
const nameAt = (address) => local(byAddress.get(address)?.names) || (address || "").split("/").pop();

const entry = (kind, address, title, text, named = {}, initialsOf = "") =>
  ({ kind, address, title, text: text.join(" "), ...searchEntry(named, [address.split("/").pop(), ...text], initialsOf) });

// Returns an entry with an English text; pages in Chinese show the translation if there is one.
function translatedEntry(kind, address, title, english, chinese) {
  const item = entry(kind, address, title, [language !== "en" && chinese ? chinese : english]);
  item.padded += ` ${fold(`${english} ${chinese || ""}`)}`;
  return item;
}

// Reads entries that are keyed by page; their texts are columns, in the order of the entries.
function onPages([pages, english, chinese], read) {
  let place = -1;
  return Object.entries(pages).flatMap(([page, entries]) =>
    entries.map(([fragment, ...rest]) => read(`${page}#${fragment}`, ...rest, english[++place], chinese[place])));
}

// Returns a reading with the other names of its guideline, whose id is the beginning of the id of the reading.
function withGuideline(named, names) {
  const [kind, id] = named.address.split("/");
  const guideline = kind === "reading" && names.find((one) => one.address.startsWith("guideline/") && id.startsWith(`${one.address.slice(10)}-`));
  return guideline ? { ...named, also: [...named.also || [], ...guideline.also || []] } : named;
}

const kindOf = (address) => (address.split("/").length === 3 ? "principle" : address.split("/")[0]);
function readEntries(names, texts) {
  const sourceTexts = new Map(texts.sources.map(([address, ...rest]) => [address, rest]));
  return [
    ...texts.questions.map(([address, titles, leads]) => entry("question", address, local(titles), Object.values(leads), { names: titles })),
    ...texts.guide.map(([address, titles, leads]) => {
      const item = entry("guide", address, local(titles), Object.values(leads), { names: titles });
      item.text = local(leads);
      return item;
    }),
    ...names.filter(({ address }) => !sourceTexts.has(address)).map((named) =>
      entry(kindOf(named.address), named.address, local(named.names), Object.values(texts.definitions[named.address] || {}), withGuideline(named, names))),
    ...texts.publishers.map(([address, names]) => {
      const item = entry("publisher", address, local(names), [], { names }, names.en);
      for (const short of item.initials) spelledOut.set(short, [...spelledOut.get(short) || [], fold(names.en)]);
      return item;
    }),
    ...[...sourceTexts].map(([address, [short, publisher, chinese, part]]) => {
      const item = entry("source", address, language !== "en" && chinese ? chinese : short, [local(byAddress.get(address)?.names)], byAddress.get(address), short);
      item.initials.push(initials(publisher || ""));
      item.part = part || "";
      item.padded += ` ${fold(`${publisher || ""} ${chinese || ""}`)}`;
      return item;
    }),
    ...onPages(texts.claims, (address, system, feature, statement, chinese) =>
      translatedEntry("claim", address, `${nameAt(`system/${system}`)} · ${nameAt(`feature/${feature}`)}`, statement, chinese)),
    ...onPages(texts.clauses, (address, principle, criterion, text, chinese) =>
      translatedEntry("clause", address, `${nameAt(principle)} · ${nameAt(criterion)}`, text, chinese)),
  ];
}

function item({ address, title, text, kind, part }) {
  const [path, fragment] = address.split("#");
  const link = document.createElement("a");
  link.href = `${path}.html${fragment ? `#${fragment}` : ""}`;
  link.textContent = title;
  const element = document.createElement("li");
  element.append(link);
  const named = byAddress.get(address);
  const others = named ? [...Object.values(named.names), ...named.also || []].filter((name) => name !== title) : [];
  const rest = kind === "question" ? "" : ["claim", "clause", "guide"].includes(kind) ? text : [...others, ...part ? [part] : []].join(" · ") || local(definitions[address]);
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

// Returns hits for the cells of a system under a reading, if the words name the system and the reading.
function pairs(words) {
  if (words.length < 2) return [];
  const [systems, readings] = ["system", "reading"].map((kind) => entries.filter((one) => one.kind === kind));
  return namedPairs(systems, readings, words).map(([system, reading]) =>
    [101, { kind: "reading", address: `${reading.address}/${system.address.split("/").pop()}`, title: `${system.title} · ${reading.title}`, text: "" }]);
}

// Shows links to corrected queries, in which similar words replace the words that no entry has.
function suggest(words) {
  const named = ["system", "region", "guideline", "principle", "feature", "criterion", "condition", "publisher"];
  known ??= words.length ? vocabulary(named.flatMap((kind) => entries.filter((one) => one.kind === kind).flatMap((one) => one.written))) : null;
  const links = (words.length ? suggestions(entries, known, words) : []).map((query) => {
    const link = document.createElement("a");
    link.href = `?q=${encodeURIComponent(query)}`;
    link.textContent = query;
    return link;
  });
  similar.hidden = !links.length;
  similar.replaceChildren(similar.dataset.label, ...links.flatMap((link, i) => (i ? [" · ", link] : [link])));
}

function show() {
  if (!entries) return;
  let query = fold(form.elements.q.value), words = wordsOf(query), cells = pairs(words);
  let whole = words.length ? matches(entries, query, words, spelledOut.get(query) || []) : [];
  // A question in a full sentence, or in Chinese without spaces, names a cell only after it is relaxed.
  const other = cells.length ? query : relaxed(query, entries.filter(({ kind }) => kind !== "source").flatMap((one) => [...one.names, ...one.also]));
  if (other && other !== query) {
    cells = pairs(wordsOf(other));
    if (!whole.length) [query, words, whole] = [other, wordsOf(other), matches(entries, other, wordsOf(other), [])];
  }
  const found = new Map(groups.map((section) => [section.dataset.kind, []]));
  const isPart = words.length > 0 && !whole.length;
  const part = isPart && words.length > 1 ? partialMatches(entries, words) : [];
  for (const hit of [...cells, ...whole, ...part]) found.get(hit[1].kind)?.push(hit);
  suggest(isPart ? words : []);
  const best = (hits) => (hits.length ? hits[0][0] : 0);
  for (const hits of found.values()) hits.sort(([a], [b]) => b - a);
  const order = [...groups].sort((a, b) => best(found.get(b.dataset.kind)) - best(found.get(a.dataset.kind)) || groups.indexOf(a) - groups.indexOf(b));
  for (const section of order) {
    showGroup(section, found.get(section.dataset.kind).map(([, one]) => one));
    section.parentElement.append(section);
  }
  const count = [...found.values()].reduce((sum, hits) => sum + hits.length, 0);
  output.textContent = !words.length ? "" : count ? output.dataset[isPart && !cells.length ? "part" : "found"].replace("{count}", count.toLocaleString("en")) : output.dataset.none;
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
  form.dataset.ready = "";
});
