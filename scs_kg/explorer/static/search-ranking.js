// Ranks names and texts for a search: exact names first, then the beginning of a name, of a word, then other texts.
"use strict";
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const isChinese = (text) => /\p{Script=Han}/u.test(text);

// A word must be at the beginning of a word of the text; Chinese has no spaces, so its words can be anywhere.
const hasWord = (padded, word) => padded.includes(isChinese(word) ? word : ` ${word}`);

// Pinyin matches from the first syllable of a name; only the last syllable may be incomplete. The Chinese for
// "no harm" (bu shang hai) is thus not found by "shanghai".
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

// Returns the score of an entry { names, also, pinyin, text }, folded before; 0 if it does not match.
function score(entry, query, words) {
  let best = 0;
  for (const name of entry.names) best = Math.max(best, nameScore(name, query));
  for (const name of entry.also) best = Math.max(best, nameScore(name, query) - 5);
  if (best < 70 && entry.pinyin.some((syllables) => matchesPinyin(syllables, query))) best = 70;
  if (best < 55 && query.length > 1 && entry.initials.includes(query)) best = 55;
  if (!best && words.every((word) => hasWord(entry.padded, word))) {
    best = hasWord(entry.padded, query) ? 30 : 15;
    if (entry.names.some((name) => words.every((word) => hasWord(` ${name}`, word)))) best = 45;
  }
  return best;
}
