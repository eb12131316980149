"""The static site, built once and served on loopback, and a browser that records the errors of each page."""

import fcntl
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scs_kg.explorer.build import build
from scs_kg.explorer.content import SiteContent, load_content
from tests.conftest import ROOT

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""The programs that can run the tests. The first one takes about three quarters of the time of the second."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
"""Report violations only; this halves the time of axe-core."""
SIZES = {"phone": (390, 844), "desk": (1440, 900)}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server without log output."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of the browser, the URL of the site, and the errors and foreign requests of the page."""

    page: Page
    start: str
    wrong: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Open an address of the site, with language and file extension; wait for a table that a script has to draw."""
        self.page.goto(f"{self.start}/{address}")
        if address.split("/")[1] in {"matrix", "own-reading"}:
            self.page.wait_for_selector("form[data-ready]", state="attached")
        return self.page


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
        if not folder.exists():  # the build is atomic
            build(request.getfixturevalue("content"), folder)
    return folder


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Serve the static site; return its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert found, "these tests need Debian's package chromium-headless-shell or chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Visit]:
    """Return a new page of the browser on the served site, in each size; fail the test on any error of the page."""
    width, height = SIZES[request.param]
    page = browser.new_page(viewport={"width": width, "height": height})
    found = Visit(page, served)
    page.on("console", lambda said: found.wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.wrong.append(str(error)))
    page.on("request", lambda asked: found.wrong.append(asked.url) if not _is_local(asked.url, served) else None)
    yield found
    page.close()
    assert not found.wrong


def _is_local(url: str, served: str) -> bool:
    return url.startswith((served, "blob:", "data:"))
