// Shows the effects of claims other than changed marks. On a server, the page names cells that become contested or get
// a second source. Without a server, the page names the claims in the data that contradict a new claim or establish the
// same features.

// Returns a cell, a claim or a reading (an id) as an item of a list.
function itemOf(found, nameOf) {
  const item = document.createElement("li");
  if (typeof found === "string") {
    item.textContent = nameOf(`reading/${found}`);
    return item;
  }
  const { guideline, reading, principle, system, source, statement } = found;
  const link = document.createElement("a");
  link.href = source ? `source/${source}.html` : `reading/${reading}/${system}.html#${principle}`;
  link.textContent = source || `${nameOf(`system/${system}`)} · ${nameOf(`guideline/${guideline}/${principle}`)}`;
  if (source) item.append(Object.assign(document.createElement("q"), { textContent: statement, lang: "en" }), " ", link);
  else item.append(link, ` (${nameOf(`reading/${reading}`)})`);
  return item;
}

// Fills each section of the element with the things of its kind; a section without things is hidden.
export function showSummary(element, summary, nameOf) {
  for (const section of element.querySelectorAll("[data-kind]")) {
    const things = summary?.[section.dataset.kind] || [];
    section.hidden = !things.length;
    section.querySelector("summary small").textContent = things.length;
    section.querySelector("ul").replaceChildren(...things.map((thing) => itemOf(thing, nameOf)));
  }
}
