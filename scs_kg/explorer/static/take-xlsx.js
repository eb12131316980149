// Writes a table as an XLSX workbook (ECMA-376, Office Open XML), with the table on one sheet and its metadata on
// another. The parts are stored in the zip archive without compression (APPNOTE.TXT 6.3), so no library is needed.
"use strict";
const SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const FILLS = {
  met: "DFF1E5", partlyMet: "D8ECF2", notMet: "FAE1DD", notMetInterpreted: "FBE6D0", notKnown: "FAF1D3", inapplicable: "ECEEEF",
};
const [BOLD, WRAPPED, MARKED] = [1, 2, 3];
const styleOf = (cell) => MARKED + 1 + Object.keys(FILLS).indexOf(cell.mark);

// XML 1.0 allows no other control characters than tab, line feed and carriage return.
const xmlText = (text) => escaped(String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ""));

function columnName(place) {
  const rest = Math.floor(place / 26);
  return (rest ? columnName(rest - 1) : "") + String.fromCharCode(65 + place % 26);
}

function rowXml(cells, number) {
  const written = cells.map(([text, style], place) =>
    `<c r="${columnName(place)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`);
  return `<row r="${number}">${written.join("")}</row>`;
}

function sheetXml(rows, widths, frozen) {
  const pane = frozen ? '<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" ' +
    'activePane="bottomRight" state="frozen"/></sheetView></sheetViews>' : "";
  const columns = widths.map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`);
  return `${XML}<worksheet xmlns="${SHEETS}">${pane}<cols>${columns.join("")}</cols><sheetData>` +
    `${rows.map((row, place) => rowXml(row, place + 1)).join("")}</sheetData></worksheet>`;
}

function tableRows(table) {
  const heads = [table.corner, ...table.columns.map(headOf)].map((text) => [text, BOLD]);
  return [heads, ...table.groups.flatMap((group) => [
    ...(group.name ? [[[group.name.text, BOLD]]] : []),
    ...group.rows.map(({ entity, cells }) => [
      [headOf(entity), 0], ...cells.map((cell) => cell ? [cell.sign, styleOf(cell)] : ["", 0]),
    ]),
  ])];
}

function stylesXml() {
  const fills = Object.values(FILLS).map((color) =>
    `<fill><patternFill patternType="solid"><fgColor rgb="FF${color}"/><bgColor indexed="64"/></patternFill></fill>`);
  const centred = (fill) => `<xf numFmtId="49" fontId="0" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1" ` +
    'applyAlignment="1"><alignment horizontal="center"/></xf>';
  const wrapped = (font) => `<xf numFmtId="49" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" ` +
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>';
  return `${XML}<styleSheet xmlns="${SHEETS}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>` +
    `<name val="Calibri"/></font></fonts><fills count="${fills.length + 2}"><fill><patternFill patternType="none"/></fill><fill>` +
    `<patternFill patternType="gray125"/></fill>${fills.join("")}</fills><borders count="1"><border><left/><right/><top/><bottom/>` +
    `<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
    `<cellXfs count="${fills.length + 4}"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
    `${wrapped(1)}${wrapped(0)}${centred(0)}${fills.map((_, place) => centred(place + 2)).join("")}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
}

// Returns the parts of the workbook, keyed by path.
function workbookParts(table) {
  const relation = (id, type, target, base = RELATIONS) => `<Relationship Id="rId${id}" Type="${base}/${type}" Target="${target}"/>`;
  const relations = (...found) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${found.join("")}</Relationships>`;
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const part = (path, type) => `<Override PartName="/xl/${path}.xml" ContentType="${kind}.${type}+xml"/>`;
  const sheet = (id, name) => `<sheet name="${xmlText(name.slice(0, 31))}" sheetId="${id}" r:id="rId${id}"/>`;
  const about = [[[table.title, BOLD]], ...factsOf(table).map(([name, text]) => [[name, BOLD], [text, WRAPPED]])];
  return {
    "[Content_Types].xml": `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/` +
      `vnd.openxmlformats-package.relationships+xml"/>${part("workbook", "sheet.main")}${part("worksheets/sheet1", "worksheet")}` +
      `${part("worksheets/sheet2", "worksheet")}${part("styles", "styles")}</Types>`,
    "_rels/.rels": relations(relation(1, "officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": `${XML}<workbook xmlns="${SHEETS}" xmlns:r="${RELATIONS}"><sheets>${sheet(1, WORDS.matrix)}` +
      `${sheet(2, WORDS.about)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(relation(1, "worksheet", "worksheets/sheet1.xml"),
      relation(2, "worksheet", "worksheets/sheet2.xml"), relation(3, "styles", "styles.xml")),
    "xl/styles.xml": stylesXml(),
    "xl/worksheets/sheet1.xml": sheetXml(tableRows(table), [32, ...table.columns.map(() => 14)], true),
    "xl/worksheets/sheet2.xml": sheetXml(about, [24, 100], false),
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

// Returns a record of a zip archive: numbers of 2 or 4 bytes in little-endian order, given as pairs of size and value.
function record(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true); else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

// Returns a zip archive of texts, keyed by path, without compression; the date of each entry is 1980-01-01, the
// earliest possible date.
function zipOf(texts) {
  const encoder = new TextEncoder(), local = [], central = [];
  let offset = 0;
  for (const [path, text] of Object.entries(texts)) {
    const name = encoder.encode(path), bytes = encoder.encode(text);
    const shared = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length],
      [2, name.length], [2, 0]];
    local.push(record([4, 0x04034b50], ...shared), name, bytes);
    central.push(record([4, 0x02014b50], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
    offset += 30 + name.length + bytes.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0), count = Object.keys(texts).length;
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return new Blob([...local, ...central, end]);
}

const xlsxOf = (table) => zipOf(workbookParts(table));
