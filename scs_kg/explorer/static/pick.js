// Lists of boxes to tick, to choose systems, principles or readings.
"use strict";

// Fills the list of `form` whose attribute `data-of` is `name` with entities. Nothing ticked means everything.
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

// Says beside the name of a list how many of its entities are ticked.
function showPicked(form, name, chosen, all) {
  form.querySelector(`[data-of="${name}"] output`).textContent = chosen ? `${chosen}/${all}` : String(all);
}
