// Lists of boxes to tick, to choose systems, principles or readings.
"use strict";

// Fills the list of `form` whose attribute `data-of` is `name` with entities. If no box is ticked, everything is
// chosen.
function fillPicks(form, name, entities, chosen) {
  const box = form.querySelector(`[data-of="${name}"]`);
  const labels = entities.map((entity) => {
    const label = document.createElement("label");
    label.innerHTML = `<input type="checkbox" name="${name}" value="${escaped(entity.id)}"> ${escaped(headOf(entity))}`;
    label.firstElementChild.checked = chosen.includes(entity.id);
    return label;
  });
  const list = document.createElement("div");
  list.className = "picks";
  list.append(...labels);
  box.append(list);
}

const picked = (form, name) => [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((input) => input.value);

// Shows the number of ticked entities beside the name of a list.
function showPicked(form, name, chosen, all) {
  form.querySelector(`[data-of="${name}"] output`).textContent = chosen ? `${chosen}/${all}` : String(all);
}
