// A field in which the reader writes names to tick boxes of a list; Enter or a comma chooses the first hit. The field
// finds the same names as the search, in both languages and in pinyin. The names are loaded when the field is first
// used.
"use strict";
const SEPARATOR = /[,，、;；]/u, LINES = /[\t\n\r]+/u, MOST_HITS = 6;
let loadingNames = null;

function loadNames() {
  loadingNames ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${SETTINGS.root}../static/names.js`;
    script.onload = () => unpacked(PACKED_NAMES).then((names) => resolve(new Map(names.map((entry) => [entry.address, entry]))), reject);
    script.onerror = () => {
      loadingNames = null; // the next use of the field loads them again
      reject(new Error(filled(WORDS.not_loaded, { address: script.src })));
    };
    document.head.append(script);
  });
  return loadingNames;
}

const boxLabel = (box) => box.closest("label").textContent.trim();

// Returns an entry to score for a box; the names are the label of the box and the names of the things at its addresses.
function boxEntry(box, named, addresses) {
  const found = addresses.map((address) => named.get(address)).filter(Boolean);
  const names = [boxLabel(box), ...found.flatMap((one) => Object.values(one.names))];
  const entry = searchEntry({ names, also: found.flatMap((one) => one.also || []), pinyin: found.flatMap((one) => one.pinyin || []) }, [box.value]);
  return { ...entry, box };
}

// Returns the boxes that match a text, the best first.
function boxHits(entries, text) {
  const query = fold(text), words = wordsOf(query);
  if (!words.length) return [];
  return matches(entries, query, words, []).sort(([a], [b]) => b - a).map(([, { box }]) => box);
}

// Returns the boxes whose names have a spelling similar to a text that no box matches.
function similarBoxes(entries, text) {
  const known = vocabulary(entries.flatMap((entry) => entry.written));
  return suggestions(entries, known, wordsOf(fold(text))).flatMap((query) => boxHits(entries, query));
}

// Splits a text into complete names and a rest, which is the name that is being written. Commas separate names, except
// for commas in the labels of boxes. If a label with a comma begins with the rest, the rest is complete only after Enter.
function splitNames(text, labels, isEntered) {
  const complete = [], ends = (after) => !after.trim() || SEPARATOR.test(after.trim()[0]);
  let rest = text.trimStart();
  while (rest) {
    const lower = rest.toLowerCase(), label = labels.find((one) => lower.startsWith(one) && ends(lower.slice(one.length)));
    const isOpen = !isEntered && labels.some((one) => one.startsWith(lower.trimEnd()));
    const end = rest.slice(label ? label.length : 0).search(SEPARATOR), length = end < 0 ? rest.length : end + (label ? label.length : 0);
    if (isOpen || end < 0 && !isEntered) return [complete, rest];
    if (length) complete.push(rest.slice(0, length).trim());
    rest = rest.slice(length + 1).trimStart();
  }
  return [complete, ""];
}

function actionButton(text, label, action) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
}

function fillList(list, buttons) {
  list.replaceChildren(...buttons.map((one) => { const item = document.createElement("li"); item.append(one); return item; }));
}

// Creates the field, the list of hits, the list of ticked boxes and the button to untick all, and puts them before the
// boxes.
function chooserParts(details) {
  const make = (tag, values = {}) => Object.assign(document.createElement(tag), values);
  const heading = details.querySelector("summary").firstChild.textContent.trim();
  const field = make("input", { type: "search", autocomplete: "off", spellcheck: false, placeholder: WORDS.choose_hint });
  const label = make("label"), said = make("output"), part = make("div", { className: "choose" });
  const [chips, hits] = ["chips", "hits"].map((className) => make("ul", { className }));
  const clear = actionButton(WORDS.clear_all, `${WORDS.clear_all}${SETTINGS.marks.colon}${heading}`);
  label.append(filled(WORDS.choose_named, { kind: heading }), field);
  details.replaceWith(part);
  part.append(label, clear, hits, said, chips, details);
  return { field, said, chips, hits, clear };
}

// Sets up the field for the list `name` of `form`. `addressesOf` returns the addresses of the things of a box.
// `beforeAdding` is called before boxes are ticked by their names. The event of the form then has these boxes as its
// detail. Returns a function that shows the ticked boxes.
function setUpChoosing(form, name, addressesOf, beforeAdding = () => {}) {
  const details = form.querySelector(`[data-of="${name}"]`), parts = chooserParts(details), { field } = parts;
  const boxes = () => [...details.querySelectorAll(`input[name="${name}"]`)];
  const changed = (added) => details.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: added }));
  const untick = (chosen) => {
    for (const box of chosen) box.checked = false;
    changed([]);
    field.focus();
  };
  const tick = (found) => {
    beforeAdding();
    const added = [...new Set(found)].filter((box) => !box.checked);
    for (const box of added) box.checked = true;
    if (added.length) changed(added);
  };
  const entries = async () => {
    const named = await loadNames();
    return boxes().map((box) => boxEntry(box, named, addressesOf(box)));
  };
  parts.clear.addEventListener("click", () => untick(boxes()));
  const labels = boxes().map((box) => boxLabel(box).toLowerCase()).filter((label) => SEPARATOR.test(label));
  readNames(parts, labels.sort((a, b) => b.length - a.length), entries, tick);
  return () => {
    const ticked = boxes().filter((box) => box.checked);
    parts.clear.hidden = !ticked.length;
    fillList(parts.chips, ticked.map((box) => actionButton(`${boxLabel(box)} ×`, filled(WORDS.remove, { name: boxLabel(box) }), () => untick([box]))));
  };
}

// Ticks the first hit of each complete name, and shows the hits of the name that is being written.
function readNames({ field, said, hits }, labels, entries, tick) {
  let adding = Promise.resolve(), missing = [], isEnded = false; // the names without a hit, until other names are written
  async function take(texts) {
    const known = await entries(), found = [];
    for (const text of texts) {
      const [box] = boxHits(known, text);
      if (box) found.push(box); else missing.push(text);
    }
    if (found.length) tick(found);
  }
  async function showHits(text) {
    const known = text || missing.length ? await entries() : [], found = boxHits(known, text);
    if (field.value.trim() !== text) return; // the reader has written more in the meantime
    const without = text && !found.length ? [...missing, text] : missing;
    const similar = found.length ? [] : without.flatMap((name) => similarBoxes(known, name));
    const add = (box) => { tick([box]); missing = []; field.value = ""; field.focus(); start(false); };
    const shown = [...new Set([...found, ...similar])].slice(0, MOST_HITS);
    fillList(hits, shown.map((box) => actionButton(box.checked ? `✓ ${boxLabel(box)}` : boxLabel(box), "", () => add(box))));
    hits.classList.toggle("similar", !found.length);
    said.textContent = [
      found.length ? filled(WORDS.hits, { number: found.length, first: boxLabel(found[0]) }) : "",
      without.length ? filled(WORDS.no_hit, { names: without.join(SETTINGS.marks.list) }) + (similar.length ? SETTINGS.marks.stop : "") : "",
      similar.length ? WORDS.similar : "",
    ].filter(Boolean).join(" ");
  }
  async function read(isEntered) {
    const written = field.value.trimStart(), [complete, rest] = splitNames(written, labels, isEntered);
    if (rest !== written) field.value = rest;
    if (isEnded && complete.length + rest.length) missing = [];
    isEnded = isEntered;
    if (complete.length) await (adding = adding.then(() => take(complete)));
    await showHits(field.value.trim());
  }
  const start = (isEntered) => void read(isEntered).catch((error) => { said.textContent = error.message; });
  field.addEventListener("focus", () => void loadNames().catch((error) => { said.textContent = error.message; }));
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // the form reads only the boxes
    if (!event.isComposing) start(false);
  });
  field.addEventListener("compositionend", () => start(false));
  field.addEventListener("paste", (event) => { // a field has one line, so cells of a table and lines of a list become names
    const names = event.clipboardData.getData("text").split(LINES).map((name) => name.trim()).filter(Boolean);
    if (names.length < 2) return;
    event.preventDefault();
    field.setRangeText(names.join(", "), field.selectionStart, field.selectionEnd, "end");
    start(false);
  });
  field.addEventListener("keydown", (event) => { // in Safari, a key that the input method handles has the code 229
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    start(true);
  });
}
