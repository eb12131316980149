"""Runs axe-core on a page: all rules, or all rules except those on colours, which take two thirds of the time."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_VIOLATIONS: Final = {"resultTypes": ["violations"]}
"""The option to report only violations, which halves the time."""
COLOUR_RULES: Final = ("color-contrast", "link-in-text-block")
"""The rules that compare colours. Neither the language nor the width of a page changes its colours."""


def violations(page: Page, *, colours: bool) -> str:
    """Return a report on what axe-core finds in a page, or an empty text; ``colours`` adds the rules on colours."""
    left_out: dict[str, Any] = {} if colours else {"rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}
    found = Axe().run(page, options=ONLY_VIOLATIONS | left_out)
    return str(found.generate_report()) if found.response["violations"] else ""
