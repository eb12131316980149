// Writes a table as CSV, TSV, Markdown, LaTeX and HTML, each with a description, the version, the date and the
// citation.
"use strict";

// Returns the metadata of a table, which every format has: pairs of a name and a text.
function factsOf(table) {
  const { colon, stop, semicolon } = SETTINGS.marks, today = localDate();
  const citation = `${SETTINGS.author}${colon}${table.title}${stop} scs-kg ${SETTINGS.version}, ${SETTINGS.date}${stop} ` +
    `${sharedAddress()} (${WORDS.accessed} ${today})`;
  return [
    ...table.facts,
    [WORDS.marks, SETTINGS.legend.map(([, sign, words]) => `${sign} ${words}`).join(semicolon) + stop],
    ...SETTINGS.notes.map((text) => [WORDS.scope, text]),
    [WORDS.caution, SETTINGS.caution],
    [WORDS.version, `scs-kg ${SETTINGS.version}`],
    [WORDS.date, SETTINGS.date],
    [WORDS.address, SETTINGS.address + location.search],
    [WORDS.accessed, today],
    [WORDS.licence, SETTINGS.licence],
    [WORDS.cite, citation],
  ];
}

// Returns the date in the time zone of the reader, as 2026-11-23.
function localDate() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

const headOf = (entity) => [entity.number, entity.name.text].filter(Boolean).join(" ");

// Returns the table as lists of texts: the headings, then each row; with `withGroups`, the name of each group is a
// separate row.
function textRows(table, withGroups = false) {
  const rows = table.groups.flatMap((group) => [
    ...(withGroups && group.name ? [[group.name.text]] : []),
    ...group.rows.map(({ entity, cells }) => [headOf(entity), ...cells.map((cell) => cell ? cell.sign : "")]),
  ]);
  return [[table.corner, ...table.columns.map(headOf)], ...rows];
}

// Writes CSV (RFC 4180) with a byte order mark, so that spreadsheets read UTF-8; a text that they would run as a
// formula gets an apostrophe.
function csvOf(table) {
  const field = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;
  const rows = [...textRows(table, true), [], [table.title], ...factsOf(table)], width = Math.max(2, table.columns.length + 1);
  const line = (row) => [...row, ...Array(width - row.length).fill("")].map(field).join(",");
  return "\ufeff" + rows.map((row) => line(row) + "\r\n").join("");
}

const tsvOf = (table) => [...textRows(table, true), [], ...factsOf(table)]
  .map((row) => row.map((text) => text.replace(/\s+/g, " ")).join("\t")).join("\n");

function markdownOf(table) {
  const plain = (text) => text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&").replace(/\s+/g, " ");
  const line = (row) => `| ${row.join(" | ")} |\n`;
  const [heads, ...rows] = textRows(table, true).map((row) => row.map(plain));
  const whole = rows.map((row) => row.length > 1 ? line(row) : line([`**${row[0]}**`, ...Array(heads.length - 1).fill("")]));
  const facts = factsOf(table).map(([name, text]) => `- ${plain(name)}${SETTINGS.marks.colon}${plain(text)}\n`);
  return `# ${plain(table.title)}\n\n${line(heads)}${line(heads.map((_, place) => place ? ":-:" : "---"))}${whole.join("")}\n${facts.join("")}`;
}

const LATEX = {
  "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "√": "$\\surd$", "×": "$\\times$",
  "–": "--", "·": "$\\cdot$", "◐": "$\\circ$", "§": "\\S{}",
};

function latexOf(table) {
  const plain = (text) => text.replace(/\s+/g, " ").replace(/[\\~^√×–·◐§&%$#_{}]/g, (character) => LATEX[character] || `\\${character}`);
  const [heads, ...rows] = textRows(table, true).map((row) => row.map(plain));
  const turned = heads.map((head, place) => place ? `\\rotatebox{90}{${head}}` : head);
  const lines = rows.map((row) => row.length > 1 ? row.join(" & ") : `\\multicolumn{${heads.length}}{l}{\\textit{${row[0]}}}`);
  const facts = factsOf(table).map(([name, text]) => `\\par\\footnotesize ${plain(name)}: ${plain(text)}`);
  return `% needs \\usepackage{booktabs,graphicx,longtable}; with Chinese text, compile with XeLaTeX and \\usepackage{ctex}
\\section*{${plain(table.title)}}
\\begin{longtable}{l${"c".repeat(heads.length - 1)}}
\\toprule
${turned.join(" & ")} \\\\
\\midrule
\\endhead
${lines.map((line) => `${line} \\\\`).join("\n")}
\\bottomrule
\\end{longtable}
${facts.join("\n")}
`;
}

// Writes HTML for the clipboard, from which word processors and spreadsheets paste the table with marks and counts.
function clipboardHtml(table) {
  const cells = (row, tag) => row.map((text) => `<${tag} style="border:1px solid #999;padding:2pt 4pt">${escaped(text)}</${tag}>`).join("");
  const [heads, ...rows] = textRows(table, true);
  const whole = rows.map((row) => row.length > 1 ? `<tr>${cells(row, "td")}</tr>`
    : `<tr><td colspan="${heads.length}"><b>${escaped(row[0])}</b></td></tr>`);
  const facts = factsOf(table).map(([name, text]) => `<p>${escaped(name)}${SETTINGS.marks.colon}${escaped(text)}</p>`);
  return `<meta charset="utf-8"><table style="border-collapse:collapse"><caption>${escaped(table.title)}</caption>` +
    `<tr>${cells(heads, "th")}</tr>${whole.join("")}</table>${facts.join("")}`;
}
