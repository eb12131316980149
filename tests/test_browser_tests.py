"""Each browser test has the marker ``browser``, and reads a page only after its scripts have drawn it."""

import ast
from typing import Final

from tests.conftest import TESTS

READS: Final = frozenset(
    {"get_attribute", "inner_html", "inner_text", "input_value", "text_content"}
    | {f"is_{state}" for state in ("checked", "disabled", "editable", "enabled", "hidden", "visible")}
)
"""The methods that read a page only once. For each method, ``expect`` has an assertion that waits."""
GUESSES: Final = frozenset({"networkidle", "sleep", "wait_for_timeout"})
"""The methods that wait for some time, whether or not the page shows that it is ready."""


def reads_once(node: ast.AST) -> bool:
    """Return whether a part of an assertion reads the number, the state or the text of elements, or an address."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in READS or (node.func.attr == "count" and not node.args)
    return (
        isinstance(node, ast.Attribute) and node.attr == "url" and ast.unparse(node.value).endswith(("shown", "page"))
    )


def guesses(node: ast.AST) -> bool:
    """Return whether a part of a test waits for some time."""
    return (isinstance(node, ast.Attribute) and node.attr in GUESSES) or (
        isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant) and node.value.value in GUESSES
    )


def racing_lines(text: str) -> set[int]:
    """Return the lines of a test file with an assertion that reads a page once, or with a wait for some time."""
    every = list(ast.walk(ast.parse(text)))
    asserted = [part for one in every if isinstance(one, ast.Assert) for part in ast.walk(one.test)]
    racing = [*filter(reads_once, asserted), *filter(guesses, every)]
    return {one.lineno for one in racing if isinstance(one, ast.expr | ast.keyword)}


def test_no_assertion_reads_a_page_only_once() -> None:
    files = sorted((TESTS / "browser").glob("test_*.py"))
    assert len(files) > 10
    assert {f"{path.name}:{line}" for path in files for line in racing_lines(path.read_text("utf-8"))} == set()


def test_an_assertion_that_reads_a_page_only_once_is_found() -> None:
    lines = (
        "assert shown.locator('a').count() == 2",
        "assert 'a' in shown.url",
        "assert few < rows(shown).count()",
        "assert visit.page.locator('a').is_hidden()",
        "shown.wait_for_timeout(9)",
        "shown.goto('a', wait_until='networkidle')",
        "assert 'ab'.count('a') == 1",
        "expect(shown.locator('a')).to_have_count(2)",
    )
    assert racing_lines("\n".join(lines)) == set(range(1, 7))


def test_each_browser_test_has_the_marker() -> None:
    """``conftest.py`` leaves out the folder if a selection excludes the marker."""
    files = sorted((TESTS / "browser").glob("test_*.py"))
    marked = "\npytestmark = pytest.mark." + "browser\n"  # a file with the name of the marker is a browser test
    assert [path.name for path in files if marked not in path.read_text("utf-8")] == []
