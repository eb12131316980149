// Searches names in English, Chinese and pinyin. The search index, names.js, is generated with the pages.
"use strict";
const form = document.getElementById("search");
const found = document.getElementById("found");
const output = document.getElementById("status");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const namesOf = (entry) => [...Object.values(entry.names), ...entry.also || []];
const maxResults = 100;

function show() {
  const words = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
  const hits = words.length ? NAMES.filter((entry) => words.every((word) => entry.folded.includes(word))) : [];
  found.replaceChildren(...hits.slice(0, maxResults).map((entry) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.address + ".html";
    link.textContent = entry.names[document.documentElement.lang] || entry.names.en || entry.names["zh-Hans"];
    const rest = document.createElement("small");
    rest.textContent = " " + namesOf(entry).filter((name) => name !== link.textContent).join(" · ");
    item.append(link, rest);
    return item;
  }));
  output.textContent = words.length && !hits.length ? output.dataset.none : "";
}

for (const entry of NAMES) entry.folded = fold([entry.address, ...namesOf(entry), ...entry.pinyin || []].join(" "));
form.elements.q.value = new URLSearchParams(location.search).get("q") || "";
form.addEventListener("input", () => {
  const query = form.elements.q.value;
  history.replaceState(null, "", query ? "?q=" + encodeURIComponent(query) : location.pathname);
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
show();
