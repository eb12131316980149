// Draws a table as HTML: two rows of headings (names, and articles or buttons that sort), groups, rows and cells.
"use strict";
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => ESCAPES[character]);
const named = ({ text, lang }) => lang ? `<span lang="${lang}">${escaped(text)}</span>` : escaped(text);

const linked = (entity) => entity.href ? `<a href="${escaped(entity.href)}">${named(entity.name)}</a>` : named(entity.name);

function cellHtml(cell) {
  if (!cell) return "<td></td>";
  const shown = escaped(cell.sign) + (cell.words ? `<i> ${escaped(cell.words)}</i>` : "");
  const styles = [cell.mark, cell.differs ? "differs" : "", cell.wide ? "counts" : ""].filter(Boolean).join(" ");
  return `<td class="${styles}">${cell.href ? `<a href="${escaped(cell.href)}">${shown}</a>` : shown}</td>`;
}

function headHtml(table) {
  const names = table.columns.map((column) => column.href
    ? `<th scope="col"><a href="${escaped(column.href)}"><span>${named(column.name)}</span></a></th>`
    : `<th scope="col"><span>${named(column.name)}</span></th>`).join("");
  const numbers = table.columns.map((column) => `<th scope="col">${escaped(column.number)}</th>`).join("");
  return `<thead><tr><th scope="col" rowspan="2">${escaped(table.corner)}</th>${names}</tr><tr>${numbers}</tr></thead>`;
}

function bodyHtml(table) {
  const span = table.columns.length + 1;
  return table.groups.map((group) => {
    const head = group.name
      ? `<tr class="group"><th scope="rowgroup" colspan="${span}"><span>${named(group.name)}</span></th></tr>` : "";
    const rows = group.rows.map(({ entity, cells }) => {
      const number = entity.number ? `<b>${escaped(entity.number)}</b> ` : "";
      return `<tr><th scope="row">${number}${linked(entity)}</th>${cells.map(cellHtml).join("")}</tr>`;
    });
    return `<tbody>${head}${rows.join("")}</tbody>`;
  }).join("");
}

function drawTable(element, table) {
  element.innerHTML = headHtml(table) + bodyHtml(table);
}

// Puts a button into each cell of the second row of headings; the button sorts the rows by the marks of its column.
function addSortButtons(element, table, sort, onSort) {
  const heads = [...element.tHead.rows[1].cells];
  table.columns.forEach((column, place) => {
    const button = document.createElement("button");
    const isSorted = sort.replace(/^-/, "") === column.id, isReversed = sort.startsWith("-");
    button.type = "button";
    button.className = "sort";
    button.textContent = [column.number, isSorted ? (isReversed ? "▲" : "▼") : "↕"].filter(Boolean).join(" ");
    button.setAttribute("aria-label", filled(WORDS.sort_by, { column: `${column.number} ${column.name.text}`.trim() }));
    button.addEventListener("click", () => onSort(isSorted && !isReversed ? `-${column.id}` : isSorted ? "" : column.id));
    heads[place].replaceChildren(button);
    if (isSorted) heads[place].setAttribute("aria-sort", isReversed ? "descending" : "ascending");
  });
}

// Measures the headings, so that group names stay below them and they do not cover the cell with the focus.
function measureHeads(element) {
  const { offsetHeight } = element.tHead, { offsetWidth } = element.tHead.rows[0].cells[0];
  element.parentElement.style.setProperty("--head", `${offsetHeight - 1}px`);
  element.parentElement.style.setProperty("--side", `${offsetWidth + 28}px`);
}

// Returns the cell of the data for an HTML table cell; null for headings and cells without content.
function cellAt(element, table, td) {
  const rows = [...element.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.className !== "group");
  const row = rowsOf(table)[rows.indexOf(td.parentElement)];
  return row ? row.cells[td.cellIndex - 1] : null;
}
