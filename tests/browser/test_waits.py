"""``Visit.open`` and ``Visit.follow`` wait until late scripts have drawn the page."""

from typing import Final

import pytest

from tests.browser.conftest import NewPage, Visit

LATE: Final = """{
  const read = Response.prototype.json;
  Response.prototype.json = async function () {
    await new Promise((next) => setTimeout(next, 500));
    return read.call(this);
  };
}"""
"""Delays the data that scripts unpack until after the page is loaded, as a busy machine does."""
MARKED: Final = "'ready' in document.querySelector('main form').dataset"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "address", ["compare", "matrix/agrawal-2022", "own-reading/pipl-2021-full-text", "propose", "query", "search"]
)
def test_a_page_is_read_after_its_late_scripts_have_drawn_it(new_page: NewPage, served: str, address: str) -> None:
    """Earlier, after a click on the link to another language, a test read the table without the reader's selection."""
    visit = Visit(new_page(), served, [])
    visit.page.add_init_script(LATE)
    shown = visit.open(f"en/{address}.html")
    assert shown.evaluate(MARKED)
    visit.follow(shown.locator("header > a[lang]").click)
    assert shown.evaluate("document.documentElement.lang") == "zh-Hans"
    assert shown.evaluate(MARKED)
