// Suggests names with a similar spelling if a search matches nothing.
"use strict";

// Returns the optimal string alignment distance (a restricted Damerau-Levenshtein distance): the number of letters to
// insert, delete, replace, or swap with the next letter.
function spellingDistance(first, second) {
  let [before, above] = [[], Array.from({ length: second.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= first.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= second.length; j += 1) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (first[i - 1] === second[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, above] = [above, row];
  }
  return above[second.length];
}

// Returns the words of names as written, keyed by their folded form; a Chinese name without its brackets is one word.
function vocabulary(names) {
  const found = new Map();
  for (const name of names) {
    const parts = isChinese(name) ? [name.replace(/[（(].*/u, "")] : name.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 3);
    for (const part of parts) if (!found.has(fold(part))) found.set(fold(part), part);
  }
  return found;
}

// Returns the words of a vocabulary, as written, that are most similar to a word; an empty list if all words differ
// much.
function similarWords(known, word) {
  let limit = word.length > 7 ? 2 : word.length > 3 || (isChinese(word) && word.length > 1) ? 1 : 0;
  let found = [];
  for (const [folded, written] of known) {
    if (Math.abs(folded.length - word.length) > (isChinese(word) ? 0 : limit)) continue;
    const distance = spellingDistance(word, folded);
    if (!distance || distance > limit) continue;
    if (distance < limit) [limit, found] = [distance, []];
    found.push(written);
  }
  return found.slice(0, 5);
}

// Returns corrected queries: each word that no entry has is replaced by a similar word.
function suggestions(entries, known, words) {
  const wrong = words.filter((word) => !entries.some((entry) => score(entry, word, [word])));
  return wrong.flatMap((word) => similarWords(known, word)
    .map((other) => words.map((one) => (one === word ? other : one)).join(" "))).slice(0, 5);
}
