// Ranks names and texts for a search: first exact names, then beginnings of names, then beginnings of words, then other
// texts.
"use strict";
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const isChinese = (text) => /\p{Script=Han}/u.test(text);

// A word must be at the beginning of a word of the text; Chinese has no spaces, so its words can be anywhere.
const hasWord = (padded, word) => padded.includes(isChinese(word) ? word : ` ${word}`);

// Returns the words of a query without the s of an English plural, because the plural in a text begins with the
// singular.
const wordsOf = (query) => query.split(" ").filter(Boolean).map((word) => (/^[a-z]{4,}[^s]s$/.test(word) ? word.slice(0, -1) : word));

// Pinyin matches from the first syllable of a name; only the last syllable may be incomplete. For example, "shanghai"
// does not find the Chinese for "no harm" (bu shang hai).
function matchesPinyin(syllables, query) {
  let rest = query.replaceAll(" ", "");
  for (const syllable of syllables) {
    if (syllable.startsWith(rest)) return true;
    if (!rest.startsWith(syllable)) return false;
    rest = rest.slice(syllable.length);
  }
  return !rest;
}

const initials = (name) => (name.match(/\b\p{Lu}/gu) || []).join("").toLowerCase();

function nameScore(name, query) {
  if (name === query) return 100;
  if (name.startsWith(query)) return 80;
  return hasWord(` ${name}`, query) ? 60 : 0;
}

// Returns an entry that can be scored. The first argument has the names of the entry in the form of the search index;
// `texts` are other texts of the entry.
function searchEntry({ names = {}, also = [], pinyin = [] }, texts = [], initialsOf = "") {
  const all = [...Object.values(names), ...initialsOf ? [initialsOf] : []];
  const folded = [...new Set(all.flatMap((name) => [fold(name), fold(name.replace(/[（(].*/u, ""))]))].filter(Boolean);
  const padded = ` ${fold([...Object.values(names), ...also, initialsOf, ...texts].join(" "))}`;
  return { names: folded, written: [...all, ...also], also: also.map(fold), pinyin, initials: initialsOf ? [initials(initialsOf)] : [], padded };
}

// The factor by which the name of a publisher or a source counts less than the name of another thing.
const LESS = { publisher: 25, source: 35 };

// Returns the score of an entry { kind, names, also, pinyin, initials, padded } with folded texts; 0 if it does not
// match.
function score(entry, query, words) {
  let best = 0;
  for (const written of new Set([query, words.join(" ")])) {
    for (const name of entry.names) best = Math.max(best, nameScore(name, written));
    for (const name of entry.also) best = Math.max(best, nameScore(name, written) - 5);
  }
  if (best < 70 && entry.pinyin.some((syllables) => matchesPinyin(syllables, query))) best = 70;
  if (best < 55 && query.length > 1 && entry.initials.includes(query)) best = 55;
  if (!best && words.every((word) => hasWord(entry.padded, word))) {
    best = hasWord(entry.padded, query) ? 30 : 15;
    if (entry.names.some((name) => words.every((word) => hasWord(` ${name}`, word)))) best = 45;
  }
  return best > 55 ? best - (LESS[entry.kind] || 0) : best;
}

// Returns [score, entry] of the entries that have all words, or a name whose initials are the query.
function matches(entries, query, words, spelledOut) {
  const queries = [[query, words], ...spelledOut.map((name) => [name, wordsOf(name)])];
  return entries.map((entry) => [Math.max(...queries.map((one) => score(entry, ...one))), entry]).filter(([points]) => points);
}

// Returns [score, entry] of the entries that have the largest number of words.
function partialMatches(entries, words) {
  let most = 1;
  let found = [];
  for (const entry of entries) {
    const scores = words.map((word) => score(entry, word, [word])).filter(Boolean);
    if (scores.length > most) [most, found] = [scores.length, []];
    if (scores.length === most) found.push([Math.max(...scores), entry]);
  }
  return found;
}

// Words of questions that name nothing.
const FILLERS = /\b(?:an?|and|are|breach|by|comply|does|in|is|of|the|to|under|violates?|which|with)\b|是否|有没有|没有|违反|符合|哪些|什么|吗/gu;

// Returns a query without words that name nothing, and with spaces around Chinese names, which are written without
// spaces.
function relaxed(query, names) {
  const chinese = names.filter((name) => isChinese(name) && name.length > 1).sort((a, b) => b.length - a.length);
  const text = query.replace(FILLERS, " ");
  return fold(chinese.length ? text.replace(new RegExp(chinese.join("|"), "gu"), " $& ") : text);
}

// Returns the pairs of a system and a reading that match all words. Each word must be in one of the two names, and each
// name must have a word that the other name does not have.
function namedPairs(systems, readings, words) {
  const named = (entries) => entries.map((entry) => [entry, words.map((word) => score(entry, word, [word]) >= 55)])
    .filter(([, has]) => has.includes(true));
  const ofReadings = named(readings);
  return named(systems).flatMap(([system, first]) => ofReadings
    .filter(([, second]) => words.every((_, i) => first[i] || second[i])
      && words.some((_, i) => first[i] && !second[i]) && words.some((_, i) => second[i] && !first[i]))
    .map(([reading]) => [system, reading]));
}
