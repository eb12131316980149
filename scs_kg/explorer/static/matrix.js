// Filters and sorts the rows of a matrix. The choice is kept in the URL, so that a view can be cited.
"use strict";
const form = document.getElementById("filter");
const table = document.querySelector("table.matrix");
const output = form.querySelector("output");
const bodies = [...table.tBodies];
const rows = bodies.flatMap((body) => [...body.rows].filter((row) => !row.classList.contains("group")));
const originalOrder = new Map(rows.map((row, index) => [row, index]));
const originalBody = new Map(rows.map((row) => [row, row.parentElement]));
const flat = document.createElement("tbody");
table.append(flat);

let sortedBy = "";

const label = (row) => row.cells[0].textContent.trim();
const decidedCount = (row) => row.querySelectorAll("td.met, td.notMet, td.notMetInterpreted").length;
const orders = {
  "": (a, b) => originalOrder.get(a) - originalOrder.get(b),
  name: (a, b) => label(a).localeCompare(label(b), document.documentElement.lang),
  region: (a, b) => a.dataset.region.localeCompare(b.dataset.region, document.documentElement.lang) || originalOrder.get(a) - originalOrder.get(b),
  decided: (a, b) => decidedCount(b) - decidedCount(a) || originalOrder.get(a) - originalOrder.get(b),
};

function show() {
  const { name, kind, mark, sort } = Object.fromEntries(new FormData(form));
  if (sort !== sortedBy) for (const row of [...rows].sort(orders[sort] || orders[""])) (sort ? flat : originalBody.get(row)).append(row);
  sortedBy = sort; // rows move only if the order changes, because each move costs a layout
  let count = 0;
  for (const row of rows) {
    const isShown = label(row).toLowerCase().includes(name.trim().toLowerCase()) &&
      (!kind || originalBody.get(row).dataset.kind === kind) && (!mark || row.querySelector("td." + CSS.escape(mark)));
    row.hidden = !isShown;
    count += isShown ? 1 : 0;
  }
  for (const body of bodies) body.hidden = Boolean(sort) || ![...body.rows].some((row) => !row.hidden && originalOrder.has(row));
  output.textContent = count ? `${count} ${output.dataset.shown}` : output.dataset.none;
}

function saveToUrl() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", (chosen.length ? "?" + new URLSearchParams(chosen) : location.pathname) + location.hash);
  show();
}

for (const [key, value] of new URLSearchParams(location.search)) if (form.elements[key]) form.elements[key].value = value;
form.hidden = false;
form.addEventListener("input", saveToUrl);
form.addEventListener("submit", (event) => event.preventDefault());
show();
