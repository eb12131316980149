// Filters and sorts the rows of a comparison; the choice stands in the URL, so that a view can be cited.
"use strict";
const form = document.getElementById("filter");
const table = document.querySelector("table.matrix");
const output = form.querySelector("output");
const bodies = [...table.tBodies];
const rows = bodies.flatMap((body) => [...body.rows].filter((row) => !row.classList.contains("group")));
const given = new Map(rows.map((row, place) => [row, place]));
const home = new Map(rows.map((row) => [row, row.parentElement]));
const flat = document.createElement("tbody");
table.append(flat);

let placed = "";

const label = (row) => row.cells[0].textContent.trim();
const decided = (row) => row.querySelectorAll("td.passed, td.failed").length;
const orders = {
  "": (a, b) => given.get(a) - given.get(b),
  name: (a, b) => label(a).localeCompare(label(b), document.documentElement.lang),
  region: (a, b) => a.dataset.region.localeCompare(b.dataset.region, document.documentElement.lang) || given.get(a) - given.get(b),
  decided: (a, b) => decided(b) - decided(a) || given.get(a) - given.get(b),
};

function show() {
  const { name, kind, mark, sort } = Object.fromEntries(new FormData(form));
  if (sort !== placed) for (const row of [...rows].sort(orders[sort] || orders[""])) (sort ? flat : home.get(row)).append(row);
  placed = sort; // as the page comes, its rows stand where they belong: to move them would lay all of it out twice
  let count = 0;
  for (const row of rows) {
    const fits = label(row).toLowerCase().includes(name.trim().toLowerCase()) &&
      (!kind || home.get(row).dataset.kind === kind) && (!mark || row.querySelector("td." + CSS.escape(mark)));
    row.hidden = !fits;
    count += fits ? 1 : 0;
  }
  for (const body of bodies) body.hidden = Boolean(sort) || ![...body.rows].some((row) => !row.hidden && given.has(row));
  output.textContent = count ? `${count} ${output.dataset.shown}` : output.dataset.none;
}

function remember() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", (chosen.length ? "?" + new URLSearchParams(chosen) : location.pathname) + location.hash);
  show();
}

for (const [key, value] of new URLSearchParams(location.search)) if (form.elements[key]) form.elements[key].value = value;
form.hidden = false;
form.addEventListener("input", remember);
form.addEventListener("submit", (event) => event.preventDefault());
show();
