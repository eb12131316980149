// Shows a note beside the cell under the pointer or with the focus: the mark in words, the deciding criteria, and the
// number of sources. The pointer can move over the note, and Escape removes the note (WCAG 2.2, success criterion
// 1.4.13).
"use strict";
const note = document.createElement("div");
note.id = "cell-note";
note.setAttribute("role", "tooltip");
note.hidden = true;

function hideNote() {
  note.hidden = true;
  document.querySelector('[aria-describedby="cell-note"]')?.removeAttribute("aria-describedby");
}

function showNote(td, text) {
  hideNote();
  if (!text) return;
  note.textContent = text;
  note.hidden = false;
  const place = td.getBoundingClientRect(), own = note.getBoundingClientRect();
  const isBelow = place.bottom + own.height + 4 < innerHeight;
  note.style.left = `${Math.max(4, Math.min(place.left, innerWidth - own.width - 12))}px`;
  note.style.top = `${isBelow ? place.bottom - 2 : Math.max(4, place.top - own.height + 2)}px`;
  (td.querySelector("a") || td).setAttribute("aria-describedby", "cell-note");
}

// `textOf` returns the text for a cell of the table.
function setUpNotes(element, textOf) {
  document.body.append(note);
  const show = (event) => { const td = event.target.closest("td"); if (td) showNote(td, textOf(td)); else hideNote(); };
  element.addEventListener("pointerover", show);
  element.addEventListener("focusin", show);
  element.addEventListener("focusout", hideNote);
  element.addEventListener("pointerleave", (event) => { if (event.relatedTarget !== note) hideNote(); });
  note.addEventListener("pointerleave", hideNote);
  element.closest(".scroll").addEventListener("scroll", hideNote, { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideNote(); });
}
