"""The Nu Html Checker finds no error in pages of all kinds, static or served, before or after scripts ran."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from tests.browser.conftest import Visit
from tests.browser.test_pages import KINDS

pytestmark = pytest.mark.browser

JAR = Path("node_modules/vnu-jar/build/dist/vnu.jar")
JAVA_OPTIONS = ("-Xss4m", "-XX:TieredStopAtLevel=1")
"""Options of Java: the stack size that the checker needs, and the compiler that starts fast, which halves the time."""
SCRIPTED = ("matrix of all", "search", "query", "propose", "compare", "own reading")
"""The kinds of pages that scripts change. The editor of the query page has attributes of its library."""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Nu Html Checker, installed by npm without install scripts, which would download another Java."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("checker")
    assert npm, "npm is missing; the Nu Html Checker cannot be installed without it"
    quiet = ("--silent", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock")
    command = (npm, "install", *quiet, "vnu-jar@^26")
    subprocess.run(command, cwd=folder, check=True, timeout=600)
    return folder / JAR


def errors(checker: Path, paths: Iterable[Path]) -> list[str]:
    """Return the errors that the checker finds in HTML and SVG files, and the reasons why it could not check a file."""
    java = shutil.which("java")
    assert java, "these tests need Java, for example Debian's package default-jre-headless"
    command = (
        java,
        *JAVA_OPTIONS,
        "-jar",
        str(checker),
        "--errors-only",
        "--format",
        "json",
        "--also-check-svg",
        *map(str, paths),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    messages = json.loads(done.stderr)["messages"]
    assert bool(messages) == bool(done.returncode)
    return [f"{one.get('url')}: {one['message']} {one.get('extract', '')}" for one in messages]


def test_pages_of_all_kinds_are_valid(checker: Path, site: Path, content: SiteContent, tmp_path: Path) -> None:
    """Served pages and pages of the static site have different links."""
    every = [(language, address) for address in KINDS.values() for language in LANGUAGES]
    for place, (language, address) in enumerate(every):
        served = html(content, page(content, address), language, served=True)
        (tmp_path / f"{place}.html").write_text(served, "utf-8")
    static = [site / language / f"{address}.html" for language, address in every]
    other = [site / "index.html", site / "404.html", *site.rglob("*.svg"), *tmp_path.glob("*.html")]
    assert not errors(checker, [*static, *other])


def test_pages_with_scripts_stay_valid(checker: Path, visit: Visit, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!DOCTYPE html><html lang=en><title>a</title><p><a download>b</a>", "utf-8")
    for kind in SCRIPTED:
        shown = visit.open(f"zh-Hans/{KINDS[kind]}.html")
        shown.locator("#editor").evaluate_all("found => found.forEach((editor) => editor.replaceChildren())")
        (tmp_path / f"{kind}.html").write_text(shown.content(), "utf-8")
    found = errors(checker, tmp_path.glob("*.html"))
    assert [one for one in found if wrong.name in one] == found != []
