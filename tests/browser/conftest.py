"""The static site, built once and served on loopback, and a browser that records the errors of each page.

A test reads a page only after the scripts of the page have drawn it. ``Visit.open`` and ``Visit.follow`` wait until the
scripts have drawn the page. After an action, ``expect`` repeats a read until its assertion is true.
``tests/test_browser_tests.py`` finds assertions that read a page only once.
"""

import fcntl
import functools
import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check_context
from scs_kg.contribute.read import reading_context
from scs_kg.explorer.build import build
from scs_kg.explorer.content import SiteContent, load_content
from tests.conftest import ROOT
from tests.support.served import Service
from tests.support.served import served as running

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""The programs that can run the tests. The first program takes about three quarters of the time of the second."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: Final = {"phone": (390, 844), "desk": (1440, 900)}
EACH_SIZE: Final = pytest.mark.parametrize("visit", SIZES, indirect=True)
"""The pytest mark of tests about layout. The other tests run only at the size of a desktop screen."""
PATIENCE: Final = 60_000
"""The milliseconds after which a test that waits fails; on a busy machine, seconds can pass."""
SLOW: Final = float(os.environ.get("SCS_KG_SLOW_BROWSER", "1"))
"""How many times slower than usual the pages compute; above 1, the server also delays scripts.

A slow page shows races.
"""
DELAY: Final = 0.15

expect.set_options(timeout=PATIENCE)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server without log output, which keeps connections open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file."""
        if SLOW > 1 and self.path.partition("?")[0].endswith((".js", ".gz")):
            time.sleep(DELAY)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def ready(page: Page) -> Page:
    """Wait until the scripts of a page have drawn it and read its address; each script then marks its form as ready."""
    page.wait_for_selector("main form:not([data-ready])", state="detached")
    return page


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of the browser, the URL of the site, and the errors and foreign requests of the page."""

    page: Page
    start: str
    wrong: list[str]

    def open(self, address: str) -> Page:
        """Open an address of the site, with language and file extension; wait until scripts have drawn the page."""
        self.page.goto(f"{self.start}/{address}")
        return ready(self.page)

    def follow(self, leave: Callable[[], object]) -> Page:
        """Do an action that leads to another page, such as a click on a link; wait until scripts have drawn it."""
        with self.page.expect_event("load"):
            leave()
        return ready(self.page)


@pytest.fixture(scope="session")
def content() -> SiteContent:
    """Return the data of all pages."""
    return load_content(ROOT)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the static site, which one worker builds for all."""
    whole = tmp_path_factory.getbasetemp()
    whole = whole.parent if "PYTEST_XDIST_WORKER" in os.environ else whole
    folder = whole / "site"
    with (whole / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():  # the build is atomic, so the folder is complete if it exists
            build(request.getfixturevalue("content"), folder)
    return folder


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """Serve a static site; return its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Serve the static site of the project's own data; return its address."""
    with served_folder(site) as address:
        yield address


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """Run the service on the project's own data."""
    with running(ROOT) as found:
        yield found


@pytest.fixture(scope="session")
def checking() -> CheckContext:
    """Return the context that ``check`` needs for a draft on the project's own data."""
    return check_context(reading_context(store.load(ROOT)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert found, "these tests need Debian's package chromium-headless-shell or chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


def page_in(context: BrowserContext, wrong: list[str]) -> Page:
    """Return a new page that adds the errors of its scripts to a list."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    if SLOW > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    return page


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Return a function that opens a page in a context with given options; fail the test on any error of a script."""
    contexts, wrong = list[BrowserContext](), list[str]()

    def opened(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        return page_in(contexts[-1], wrong)

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="session")
def tab(browser: Browser, served: str) -> Iterator[Visit]:
    """Return the page that the tests share; a new page for each test would take a third more processor time."""
    wrong = list[str]()
    with browser.new_context() as context:
        page = page_in(context, wrong)
        page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("request", lambda asked: wrong.append(asked.url) if not _is_local(asked.url, served) else None)
        yield Visit(page, served, wrong)


@pytest.fixture
def visit(request: pytest.FixtureRequest, tab: Visit) -> Iterator[Visit]:
    """Return the empty page of the browser on the served site; fail the test on any error of the page."""
    width, height = SIZES[getattr(request, "param", "desk")]
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.wrong.clear()
    yield tab
    tab.page.evaluate("try { sessionStorage.clear(); } catch { /* an empty page has none */ }")
    tab.page.goto("about:blank")
    tab.page.emulate_media(media="null", forced_colors="null")
    tab.page.mouse.move(0, 0)
    assert not tab.wrong


def show_choices(page: Page) -> None:
    """Open the part of a page with which readers choose what the table shows; it is closed on a small screen."""
    if page.locator("#choices:not([open])").all():
        page.locator("#choices > summary").click()


def _is_local(url: str, served: str) -> bool:
    return url.startswith((served, "blob:", "data:", "about:"))
