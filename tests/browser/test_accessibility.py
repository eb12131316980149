"""The rule on contrast reads only some elements of a page, and finds what it finds if it reads all."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.accessibility import CONTRAST, ONLY_VIOLATIONS, violations
from tests.browser.conftest import Visit

ROWS = "".join(f"<tr><th scope=row>{n}<td>a text <b>in bold</b> <a href=#>a link</a>" for n in range(60))
PAGE = f"""<!DOCTYPE html><html lang=en><head><title>a</title><style>
th {{ position: sticky; left: 0; background: #fff }} a {{ text-decoration: underline }} body {{ color: #111 }}
</style></head><body><main><h1>a</h1><table>{ROWS}</table></main></body></html>"""
pytestmark = pytest.mark.browser

FAULTS = {
    "a colour of one row": "tr:nth-child(41) td { color: #ccc }",
    "a background of one row": "tr:nth-child(41) { background: #333 }",
    "a background of one cell": "tr:nth-child(41) td { background: #222 }",
    "the colour of one word": "tr:nth-child(41) b { color: #bbb }",
    "the opacity of one row": "tr:nth-child(41) { opacity: 0.4 }",
}
BEHIND = """() => {
  const box = document.querySelector("tr:nth-child(41)").getBoundingClientRect();
  const ground = document.createElement("div");
  ground.style = `position: absolute; z-index: -1; background: #222; left: 0; width: 100%;
    top: ${box.top - 1}px; height: ${box.height + 2}px`;
  document.body.append(ground);
}"""
"""Puts a dark box behind one row, which has the style of the other rows."""


def whole(visit: Visit) -> bool:
    """Return whether the rule finds a violation if it reads all elements."""
    found = Axe().run(visit.page, options=ONLY_VIOLATIONS | {"runOnly": [CONTRAST]})
    return bool(found.response["violations"])


def test_the_rule_on_contrast_misses_no_element(visit: Visit) -> None:
    visit.page.set_content(PAGE)
    assert not violations(visit.page, colours=True)
    assert not whole(visit)
    for fault, style in FAULTS.items():
        visit.page.set_content(PAGE.replace("</style>", style + "</style>"))
        assert whole(visit), fault
        assert CONTRAST in violations(visit.page, colours=True), fault
        assert CONTRAST not in violations(visit.page, colours=False), fault
    visit.page.set_content(PAGE)
    visit.page.evaluate(BEHIND)
    assert whole(visit)
    assert CONTRAST in violations(visit.page, colours=True)
