// A field that ticks boxes of a list by their names: Enter or a comma takes the first hit. Names are those of the
// search, in both languages and in pinyin; they are loaded when the field is used.
"use strict";
const SEPARATOR = /[,，、;；\n]/u, MOST_HITS = 6;
let loadingNames = null;

function loadNames() {
  loadingNames ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${SETTINGS.root}../static/names.js`;
    script.onload = () => unpacked(PACKED_NAMES).then((names) => resolve(new Map(names.map((entry) => [entry.address, entry]))), reject);
    script.onerror = () => reject(new Error(filled(WORDS.not_loaded, { address: script.src })));
    document.head.append(script);
  });
  return loadingNames;
}

const boxLabel = (box) => box.closest("label").textContent.trim();

// Returns an entry to score for a box; its names are its label and those of the things at its addresses.
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

// Returns the boxes whose names are spelt like a text that no box matches.
function similarBoxes(entries, text) {
  const known = vocabulary(entries.flatMap((entry) => entry.written));
  return suggestions(entries, known, wordsOf(fold(text))).flatMap((query) => boxHits(entries, query));
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

// Makes the field, the list of hits, the list of what is ticked and the button to untick all, and puts them before the boxes.
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

// Sets up the field for the list `name` of `form`. `addressesOf` returns the addresses of the things of a box;
// `beforeAdding` is called before a box is ticked by its name. Returns a function that shows what is ticked.
function setUpChoosing(form, name, addressesOf, beforeAdding = () => {}) {
  const details = form.querySelector(`[data-of="${name}"]`), parts = chooserParts(details), { field } = parts;
  const boxes = () => [...details.querySelectorAll(`input[name="${name}"]`)];
  const changed = (target) => target.dispatchEvent(new Event("input", { bubbles: true }));
  const untick = (chosen) => {
    for (const box of chosen) box.checked = false;
    changed(details);
    field.focus();
  };
  const tick = (box) => {
    beforeAdding();
    if (box.checked) return;
    box.checked = true;
    changed(box);
  };
  const entries = async () => {
    const named = await loadNames();
    return boxes().map((box) => boxEntry(box, named, addressesOf(box)));
  };
  parts.clear.addEventListener("click", () => untick(boxes()));
  readNames(parts, entries, tick);
  return () => {
    const ticked = boxes().filter((box) => box.checked);
    parts.clear.hidden = !ticked.length;
    fillList(parts.chips, ticked.map((box) => actionButton(`${boxLabel(box)} ×`, filled(WORDS.remove, { name: boxLabel(box) }), () => untick([box]))));
  };
}

// Ticks the first hit of each name that is complete, and shows the hits of the one that is being written.
function readNames({ field, said, hits }, entries, tick) {
  let adding = Promise.resolve(), missing = [], isEnded = false; // the names without a hit, until others are written after Enter
  async function take(texts) {
    const known = await entries();
    for (const text of texts) {
      const [box] = boxHits(known, text);
      if (box) tick(box); else missing.push(text);
    }
  }
  async function showHits(text) {
    const known = text || missing.length ? await entries() : [], found = boxHits(known, text);
    if (field.value.trim() !== text) return; // the reader has written more meanwhile
    const without = text && !found.length ? [...missing, text] : missing;
    const similar = found.length ? [] : without.flatMap((name) => similarBoxes(known, name));
    const add = (box) => { tick(box); missing = []; field.value = ""; field.focus(); start(false); };
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
    const texts = field.value.split(SEPARATOR), rest = isEntered ? "" : texts.pop().trimStart();
    const complete = texts.map((text) => text.trim()).filter(Boolean);
    if (texts.length) field.value = rest;
    if (isEnded && complete.length + rest.length) missing = [];
    isEnded = isEntered;
    if (complete.length) await (adding = adding.then(() => take(complete)));
    await showHits(field.value.trim());
  }
  const start = (isEntered) => void read(isEntered).catch((error) => { said.textContent = error.message; });
  field.addEventListener("focus", () => void loadNames().catch((error) => { said.textContent = error.message; }));
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // the form reads boxes only
    if (!event.isComposing) start(false);
  });
  field.addEventListener("compositionend", () => start(false));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    start(true);
  });
}
