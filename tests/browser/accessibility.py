"""axe-core on a page: all its rules, or all except those on colours, which take two thirds of its time.

The contrast of a text depends on the styles of its element and of the elements around it. Therefore the rule on
contrast reads one of the elements with the same styles all the way up, and each element that another one may cover.
"""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

CONTRAST: Final = "color-contrast"
ONLY_VIOLATIONS: Final = {"resultTypes": ["violations"]}
"""Report violations only; this halves the time."""
COLOUR_RULES: Final = (CONTRAST, "link-in-text-block")
"""The rules that compare colours. Neither the language nor the width of a page changes its colours."""
EACH_STYLE: Final = """rule => {
  const numbers = new Map(), number = (text) => numbers.get(text) ?? numbers.set(text, numbers.size + 1).get(text);
  const styles = new Map([[null, 0]]), read = new Set(), chosen = [], texts = [], moved = [];
  const names = ["backgroundColor", "backgroundImage", "clipPath", "color", "display", "filter", "float", "fontSize"];
  names.push("fontWeight", "mixBlendMode", "opacity", "overflow", "position", "textShadow", "transform", "visibility");
  for (const element of document.querySelectorAll("*")) {
    const parts = ["", "::before", "::after"].map((part) => getComputedStyle(element, part || null));
    const own = parts.map((style) => names.map((name) => style[name]).join("|")).join("/");
    const style = number(`${styles.get(element.parentElement)} ${element.localName} ${own}`);
    styles.set(element, style);
    const { position, transform, float, margin } = parts[0];
    if (position !== "static" || transform !== "none" || float !== "none" || margin.includes("-")) moved.push(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (hasText || element.matches("input, select, textarea")) texts.push(element);
  }
  const boxes = moved.map((element) => [element, element.getBoundingClientRect()]);
  for (const element of texts) {
    const own = element.getBoundingClientRect();
    const covered = boxes.some(([other, box]) => box.left < own.right - 1 && own.left < box.right - 1
      && box.top < own.bottom - 1 && own.top < box.bottom - 1 && !other.contains(element) && !element.contains(other));
    if (covered || !read.has(styles.get(element))) chosen.push(element);
    read.add(styles.get(element));
  }
  return axe.run({ include: chosen }, { resultTypes: ["violations"], runOnly: [rule] });
}"""
"""Checks the contrast of one element of each style, and of each element that overlaps a moved one."""


def violations(page: Page, *, colours: bool) -> str:
    """Return a report on what axe-core finds in a page, or an empty text; ``colours`` adds the rules on colours."""
    left_out = {rule: {"enabled": False} for rule in ([CONTRAST] if colours else COLOUR_RULES)}
    options: dict[str, Any] = ONLY_VIOLATIONS | {"rules": left_out}
    found = [Axe().run(page, options=options)]
    if colours:
        found.append(AxeResults(page.evaluate(EACH_STYLE, CONTRAST)))
    return "\n".join(str(one.generate_report()) for one in found if one.response["violations"])
