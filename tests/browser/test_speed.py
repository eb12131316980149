"""Limits the processor time of a page of each kind, from the answer of a running server until the page is painted."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SIZES, page_in
from tests.browser.test_pages import KINDS
from tests.browser.work import MAIN_THREAD, clock, computed
from tests.support.served import Service

LIMIT: Final = 0.4
"""The maximum processor time of the server and of the main thread of the page, in seconds.

On an idle current machine, the largest page takes 0.2 s. The limit is higher because processes that share a processor
and its caches make each other slower.
"""
LOADS: Final = 10
"""The maximum number of attempts: other processes on the machine can only make a load slower."""
LOADED: Final = """() => performance.getEntriesByName("first-contentful-paint").length > 0 &&
  performance.getEntriesByType("navigation")[0].loadEventEnd > 0"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def known(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser whose cache has the shared files, as on a second visit."""
    width, height = SIZES["desk"]
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        yield page_in(context, [])


def work_of(page: Page, service: Service, path: str) -> float:
    """Load a page; return the seconds of processor time until it is painted and its files are loaded."""
    before = computed(service.pid)
    page.goto(service.url + path)
    page.wait_for_function(LOADED)
    return clock(page, MAIN_THREAD)() + computed(service.pid) - before


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_painted_and_loaded_with_little_work(known: Page, service: Service, kind: str) -> None:
    """The pages are Chinese, because they have the elements of English pages, and notices on English texts."""
    path = f"/zh-Hans/{KINDS[kind]}.html"
    status, _ = service.ask(path)  # the first request renders the page
    assert status == 200
    taken = [work_of(known, service, path)]
    while len(taken) < LOADS and taken[-1] > LIMIT:
        taken.append(work_of(known, service, f"{path}?load={len(taken)}"))  # a new URL bypasses the cache
    assert taken[-1] <= LIMIT, taken
