// The form of a claim keeps its content after a reload and a change of language, and shows problems at their fields.
import { localId } from "./rdf.js";

const KEY = "scs-kg-proposal";

// Restores the text that the reader wrote in this tab, and stores every change.
export function keepWritten(form) {
  let written = {};
  try { written = JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { /* the storage is blocked or damaged */ }
  for (const [name, value] of Object.entries(written)) {
    const input = form.elements[name];
    if (!input || !value) continue;
    input.value = value;
    const folded = input.closest("details");
    if (folded) folded.open = true;
  }
  form.addEventListener("reset", () => {
    try { sessionStorage.removeItem(KEY); } catch { /* blocked */ }
    markFields(form, []);
  });
  form.addEventListener("input", () => {
    const named = [...form.elements].filter((input) => /^(Claim|Source)\./.test(input.name)).map((input) => [input.name, input.value]);
    try { sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(named.filter(([, value]) => value)))); } catch { /* blocked */ }
  });
}

// Returns the field of a problem: the field that wrote the line of the file, or else the field whose predicate the rule
// names.
function fieldOf(form, { node, line, rule }, text, short) {
  const kind = node.startsWith("src:") ? "Source" : "Claim";
  const inputs = [...form.querySelectorAll("[data-predicate]")].filter((input) => input.name.startsWith(`${kind}.`));
  const written = (text.split("\n")[line - 1] || "").trim().split(" ")[0];
  const [, named = ""] = rule.match(new RegExp(`^integrity:${kind}(\\w+)$`)) || [];
  return inputs.find((input) => short(input.dataset.predicate) === written)
    || inputs.find((input) => localId(input.dataset.predicate).toLowerCase() === named.toLowerCase());
}

// Marks the fields with errors, shows the errors, and moves the focus to the first of these fields; removes earlier
// marks.
export function markFields(form, problems, text, short, describe) {
  for (const old of form.querySelectorAll(".field-error")) old.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  const found = new Set();
  for (const problem of problems.filter(({ severity }) => severity === "error")) {
    const input = fieldOf(form, problem, text, short);
    if (!input || found.has(input)) continue;
    found.add(input);
    const message = document.createElement("p");
    Object.assign(message, { id: `error-${input.name.replace(".", "-")}`, className: "field-error", ...describe(problem) });
    input.closest(".field").append(message);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", message.id);
    for (let folded = input.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  }
  [...form.elements].find((input) => found.has(input))?.focus();
}

// Shows the definition of the chosen system or feature at its field; the field can have an id, a CURIE or an IRI.
export function showDefinitions(form) {
  const definitions = JSON.parse(document.getElementById("definitions").textContent);
  for (const kind of ["system", "feature"]) {
    const input = form.elements[`Claim.${kind}`], shown = document.createElement("output");
    const update = () => { shown.textContent = definitions[`${kind}/${input.value.trim().split(/[:/]/).pop()}`] || ""; };
    shown.className = "definition";
    shown.htmlFor = input.id = `claim-${kind}`;
    input.closest("label").after(shown);
    input.addEventListener("input", update);
    form.addEventListener("reset", () => setTimeout(update));
    update();
  }
}

const LONGEST_BODY = 6000; // in percent-encoded characters: some mail programs and servers refuse addresses of more than 8,000

// Shows a link to a new issue or mail with the text of the file; a file without text, or a long one, has to be attached.
export function offerHandIn(part, text, isReady) {
  if (!part) return;
  part.hidden = !isReady;
  const whole = encodeURIComponent(text);
  part.querySelector("a").href = part.dataset.address + (text && whole.length <= LONGEST_BODY ? whole : encodeURIComponent(part.dataset.attach));
}
