// Offers to cite and to export each cell of the page. What it gives stands in cells.js, written with the pages by the code
// that answers a server's address of the cell; here it is only put together again. It works from a folder too.
"use strict";
const { cells, said, ...forms } = document.currentScript.dataset;
const pack = new URL("cells.js", document.currentScript.src);
const endings = { csl: "csl.json" };
const types = { bib: "application/x-bibtex", csl: "application/vnd.citationstyles.csl+json", trig: "application/trig", ttl: "text/turtle" };
let loading = null;

function load() {
  loading ||= new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: pack, onload: resolve, onerror: () => reject(new Error(pack.pathname)) }));
  }).then(() => {
    const bytes = Uint8Array.from(atob(CELLS), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  });
  return loading;
}

// Turtle is the TriG without the lines that open and close graphs.
const flat = (trig) => trig.split("\n").filter((line) => !/^(\S+ \{|\})$/.test(line)).map((line) => line.replace(/^\t/, "")).join("\n");

async function written(cell, form) {
  const found = await load();
  const text = found.cells[cell][form === "ttl" ? "trig" : endings[form] || form].map((block) => found.blocks[block]).join("");
  return form === "ttl" ? flat(text) : text;
}

async function give(cell, form) {
  const url = URL.createObjectURL(new Blob([await written(cell, form)], { type: types[form] }));
  const name = `${cell.replaceAll("/", "-")}.${endings[form] || form}`;
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

for (const section of document.querySelectorAll("section.cell")) {
  const offered = Object.assign(document.createElement("p"), { className: "cite" });
  offered.append(said);
  for (const [form, label] of Object.entries(forms)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", () => give(`${cells}/${section.id}`, form));
    offered.append(button);
  }
  section.append(offered);
}
