// Arrow keys move the focus in a table, which is one tab stop (grid pattern of the ARIA Authoring Practices Guide).
"use strict";
const targetIn = (cell) => cell.querySelector("a, button") || cell;

function setUpGrid(element) {
  element.setAttribute("role", "grid");
  for (const target of element.querySelectorAll("a, button")) target.tabIndex = -1;
  element.addEventListener("keydown", onGridKey); // adding the same function again has no effect
  (element.querySelector("td a") || element.querySelector("td, th")).tabIndex = 0;
}

// Returns the rows as lists of cells of equal length; a cell that spans rows or columns is in each of these rows and
// columns.
function gridRows(element) {
  const head = [...element.tHead.rows].map((row) => [...row.cells]);
  if (head.length > 1) head[1].unshift(head[0][0]);
  const rows = [...element.tBodies].flatMap((body) => [...body.rows].map((row) => [...row.cells]));
  return [...head, ...rows.map((cells) => cells.length > 1 ? cells : Array(head[0].length).fill(cells[0]))];
}

function nextPlace(key, [row, column], [lastRow, lastColumn]) {
  const page = Math.max(1, Math.floor(innerHeight / 60));
  const moves = {
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
    PageUp: [row - page, column], PageDown: [row + page, column], Home: [row, 0], End: [row, lastColumn],
    "Ctrl+Home": [0, 0], "Ctrl+End": [lastRow, lastColumn],
  };
  const [toRow, toColumn] = moves[key] || [];
  return moves[key] && [Math.min(Math.max(toRow, 0), lastRow), Math.min(Math.max(toColumn, 0), lastColumn)];
}

function moveInGrid(element, event) {
  const cell = event.target.closest("th, td");
  if (!cell || event.altKey || event.metaKey || event.shiftKey) return;
  const rows = gridRows(element), row = rows.findLastIndex((cells) => cells.includes(cell));
  const spansColumns = rows[row].indexOf(cell) !== rows[row].lastIndexOf(cell);
  const column = spansColumns ? element.gridColumn || 0 : rows[row].indexOf(cell);
  const next = nextPlace((event.ctrlKey ? "Ctrl+" : "") + event.key, [row, column], [rows.length - 1, rows[0].length - 1]);
  if (!next) return;
  event.preventDefault();
  element.gridColumn = next[1];
  focusInGrid(element, rows[next[0]][next[1]]);
}

function focusInGrid(element, cell) {
  for (const other of element.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  const target = targetIn(cell);
  target.tabIndex = 0;
  target.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" }); // a cell can be partly covered although its mark is visible
}

const onGridKey = (event) => moveInGrid(event.currentTarget, event);
