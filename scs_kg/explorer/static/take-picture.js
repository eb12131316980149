// Writes a table as a picture: an SVG with the marks, the metadata of the table, and its citation; the PNG is drawn
// from the SVG.
"use strict";
const FONT = 'font-family="system-ui, Noto Sans, Noto Sans CJK SC, Microsoft YaHei, sans-serif"';
const INKS = {
  met: "#10653a", partlyMet: "#17566b", notMet: "#9c2015", notMetInterpreted: "#8a4600", notKnown: "#6d5200", inapplicable: "#5c636b",
};
const [ROW, SIZE, PAD, NARROWEST] = [22, 12, 8, 640];

// Returns the width of a text in the font of the picture, in pixels; a Chinese character is as wide as it is high.
const widthOf = (text) => [...text].reduce((sum, character) => sum + (character > "\u2e80" ? SIZE : SIZE * 0.56), 0);

const textSvg = (text, x, y, more = "") => `<text x="${x}" y="${y}" ${more}>${xmlText(text)}</text>`;

// Breaks a text into lines of at most a width in pixels; a break is possible after a space and around a Chinese
// character.
function linesOf(text, width) {
  const lines = [""];
  for (const part of text.match(/[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff]|\s+/g) || []) {
    if (lines.at(-1) && widthOf(lines.at(-1) + part) > width) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines;
}

function cellSvg(cell, x, y, width) {
  if (!cell || !cell.sign) return "";
  const box = FILLS[cell.mark] ? `<rect x="${x + 1}" y="${y + 1}" width="${width - 2}" height="${ROW - 2}" fill="#${FILLS[cell.mark]}"/>` : "";
  return box + textSvg(cell.sign, x + width / 2, y + 15, `text-anchor="middle" fill="${INKS[cell.mark] || "#1c1f23"}"`);
}

function rowsSvg(table, y, left, columnWidth) {
  const parts = [];
  for (const group of table.groups) {
    if (group.name) parts.push(textSvg(group.name.text, PAD, (y += ROW) - 6, 'font-weight="bold"'));
    for (const { entity, cells } of group.rows) {
      parts.push(textSvg(headOf(entity), PAD, y + 15), ...cells.map((cell, place) => cellSvg(cell, left + place * columnWidth, y, columnWidth)));
      y += ROW;
    }
  }
  return [parts.join(""), y];
}

function svgOf(table) {
  const heads = table.columns.map(headOf), rows = rowsOf(table);
  const left = PAD * 2 + Math.max(...rows.map((row) => widthOf(headOf(row.entity))), widthOf(table.corner));
  const signs = rows.flatMap((row) => row.cells.map((cell) => cell ? widthOf(cell.sign) : 0));
  const columnWidth = Math.max(28, ...signs.map((width) => width + PAD)), headHeight = Math.max(...heads.map(widthOf)) + PAD * 2;
  const width = Math.ceil(Math.max(NARROWEST, left + heads.length * columnWidth + PAD));
  const title = linesOf(table.title, (width - PAD * 2) * 0.75);
  const top = PAD + title.length * ROW + headHeight;
  const names = heads.map((head, place) => {
    const x = left + (place + 0.5) * columnWidth + 4;
    return textSvg(head, x, top - PAD, `transform="rotate(-90 ${x} ${top - PAD})"`);
  });
  const [body, bottom] = rowsSvg(table, top, left, columnWidth);
  const notes = factsOf(table).flatMap(([name, text]) => linesOf(name + SETTINGS.marks.colon + text, width - PAD * 2));
  const height = Math.ceil(bottom + notes.length * 17 + PAD * 2);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `lang="${SETTINGS.language}" font-size="${SIZE}" fill="#1c1f23" ${FONT}><title>${xmlText(table.title)}</title>` +
    `<rect width="100%" height="100%" fill="#fff"/>` +
    title.map((line, place) => textSvg(line, PAD, PAD + 16 + place * ROW, 'font-size="16" font-weight="bold"')).join("") +
    names.join("") + body + notes.map((line, place) => textSvg(line, PAD, bottom + PAD + 13 + place * 17, 'fill="#5c636b"')).join("") + "</svg>";
}

// Returns a PNG of twice the size of the SVG, or of the largest size that a browser can draw.
async function pngOf(table) {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svgOf(table));
  await image.decode();
  const scale = Math.min(2, 16000 / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
