// The settings of a page, and its address. The address keeps the choices of the reader, also in the links to the other
// language.
"use strict";
const SETTINGS = JSON.parse(document.getElementById("settings").textContent);
const WORDS = SETTINGS.words;

// Replaces names in braces by values, as Python's str.format does.
const filled = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Returns a count in words. `name` is the key of the word for one thing; `name` with an s is the key for several
// things.
const counted = (name, number) => filled(WORDS[number === 1 ? name : `${name}s`], { number });

// The links to the other language and to other editions of the page keep the choices of the reader.
function keepInLinks() {
  for (const link of document.querySelectorAll("header > a[lang], a[data-keep]")) {
    const url = new URL(link.href);
    url.search = location.search;
    link.href = url.href;
  }
}

// Writes choices, an object of texts, lists and booleans, into the address; empty choices are left out.
function writeAddress(choices) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(choices)) {
    const text = Array.isArray(value) ? value.join(",") : value === true ? "1" : value || "";
    if (text) parameters.set(name, text);
  }
  const query = parameters.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  keepInLinks();
}

// Returns the address of the page, or its permanent address if the reader opened the page from a folder.
const sharedAddress = () => location.protocol.startsWith("http") ? location.href : SETTINGS.address + location.search;

const idsInAddress = (name) => [...new Set((new URLSearchParams(location.search).get(name) || "").split(","))].filter(Boolean);

// Returns a list from the address without unknown ids.
const listInAddress = (name, known) => idsInAddress(name).filter((id) => known.includes(id));

// Returns a message on unknown ids in lists of the address, or ""; `known` has the known ids, keyed by list.
function notFoundInAddress(known) {
  const names = Object.entries(known).flatMap(([name, ids]) => idsInAddress(name).filter((id) => !ids.includes(id)));
  return names.length ? filled(WORDS.not_found, { names: names.join(SETTINGS.marks.list) }) : "";
}

const sentences = (...texts) => texts.filter(Boolean).join(document.documentElement.lang === "en" ? " " : "");

keepInLinks();
