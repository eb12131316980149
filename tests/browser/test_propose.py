"""The claim page: it names the same rules for the same claims and the same cells as check and what-if in Python."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from scs_kg import store
from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.contribute.check import CheckContext, check, check_context, report
from scs_kg.contribute.read import read_draft, reading_context
from scs_kg.explorer.build import build
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.judging.cells import read_principle_criteria
from scs_kg.judging.selection import open_guarded
from scs_kg.render.impact import whatif_json
from scs_kg.render.problems import as_problems_json
from tests.analysis.test_whatif import CASES
from tests.browser.conftest import Quiet, Visit
from tests.conftest import ROOT
from tests.contribute.check.test_check import DRAFTS, FOLDER, HEAD, SOUND, as_draft
from tests.rules.test_rules import name
from tests.support.served import served as service

pytestmark = pytest.mark.browser

BAD_TURTLE: Final = {
    "unclosed": HEAD + SOUND[:-1],
    "empty": HEAD,
    "nameless": HEAD + SOUND.replace("scs:Present", "[]"),
}
MISTAKES: Final = (
    ("sys:beta", "sys:betta"),
    ("scs:Present", "scs:Presnt"),
    ('scs:locator "rule 9"', 'scs:locater "rule 9"'),
    ("feat:cake", "feat:door"),
)
RUN: Final = """async (texts) => {
  const input = document.getElementById("chosen"), answer = document.getElementById("answer"), found = {};
  for (const [name, text] of Object.entries(texts)) {
    const files = new DataTransfer();
    files.items.add(new File([text], "case.ttl"));
    answer.hidden = true;
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
    for (let turns = 0; answer.hidden && turns < 4000; turns++) await new Promise((next) => setTimeout(next, 5));
    if (answer.hidden) throw new Error(name + ": " + document.getElementById("status").textContent);
    const rows = (query) => [...answer.querySelectorAll(query)];
    found[name] = {
      problems: rows("#problems li").map((item) => [item.className, item.dataset.rule, item.children[1].textContent]),
      cells: document.getElementById("cells").hidden ? [] : rows("#cells tbody tr").map((row) => row.dataset.cell),
    };
  }
  return found;
}"""


def in_browser(page: Page, texts: Mapping[str, str]) -> dict[str, Any]:
    """Give each text to the open page as a Turtle file; return the problems and the cells that it shows."""
    page.wait_for_selector("#proposal[data-ready]")
    return dict(page.evaluate(RUN, dict(texts)))


def in_python(prepared: CheckContext, basis: Workspace, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return what check and what-if find in each text, in the shape of ``in_browser``."""
    return {key: _one(prepared, basis, text) for key, text in texts.items()}


def _one(prepared: CheckContext, basis: Workspace, text: str) -> dict[str, Any]:
    draft = read_draft(prepared.ground, "case.ttl", content=text.encode())
    found = report(
        prepared.ground.dataset, [draft.file], check(prepared, [draft], datetime.now(UTC).date().isoformat())
    )
    written = {p["rule"]: p for p in json.loads(as_problems_json(found))["problems"]}
    cells = [] if found.broken else json.loads(whatif_json(whatif(basis, draft.ntriples)))["cells"]
    places = ("guideline", "reading", "principle", "system")
    return {
        "problems": [
            [written[p.rule]["severity"], p.rule, f"{p.node}: {p.message}{p.offer}"]
            for p in sorted(found.problems, key=lambda p: (p.line or 0, p.column or 0, p.node, p.rule, p.message))
        ],
        "cells": [
            " ".join([*(cell[place] for place in places), cell["before"]["outcome"], cell["after"]["outcome"]])
            for cell in cells
            if cell["before"]["outcome"] != cell["after"]["outcome"]
        ],
    }


def alike(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Hold the two against each other, in which the parser's own words on syntax and the order may differ."""
    for key, one in expected.items():
        for part in ("problems", "cells"):
            shown = [p[:2] if p[1] == "integrity:FileSyntax" else p for p in found[key][part]]
            wanted = [p[:2] if p[1] == "integrity:FileSyntax" else p for p in one[part]]
            assert sorted(shown) == sorted(wanted), f"{key}: {part}"


@pytest.fixture(scope="session")
def tales(shared_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the pages of the invented world, and return their address."""
    folder = tmp_path_factory.mktemp("tales") / "site"
    build(load_content(shared_world), folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def both(root: Path) -> tuple[CheckContext, Workspace]:
    """Return what check and what-if need of a project folder."""
    dataset = open_guarded(root)
    return check_context(reading_context(store.load(root))), open_workspace(dataset, read_principle_criteria(dataset))


def test_every_shared_case_of_the_invented_world_is_told_as_in_python(
    browser: Browser, tales: str, shared_world: Path
) -> None:
    texts = {name(path): draft.ntriples for path in DRAFTS if (draft := as_draft(path))}
    texts |= {new: HEAD + SOUND.replace(old, new, 1) for old, new in MISTAKES} | BAD_TURTLE
    texts |= {path.stem: path.read_text("utf-8") for path in CASES if path.stem.startswith("world")}
    expected = in_python(*both(shared_world), texts)
    assert len({rule for one in expected.values() for _, rule, _ in one["problems"]}) > 40
    assert sum(bool(one["cells"]) for one in expected.values()) > 1
    page = browser.new_page()
    page.goto(f"{tales}/en/propose.html")
    alike(in_browser(page, texts), expected)
    page.close()


def test_shared_cases_of_the_real_data_are_told_as_in_python(browser: Browser, served: str) -> None:
    prepared, basis = both(ROOT)
    table = read_draft(prepared.ground, "x.xlsx", content=(FOLDER / "ten-mistakes.xlsx").read_bytes())
    texts = {path.stem: path.read_text("utf-8") for path in CASES if path.stem.startswith("field")}
    expected = in_python(prepared, basis, texts | {"ten mistakes": table.ntriples})
    assert [len(one["cells"]) > 0 for one in expected.values()] == [True, True, False, False]
    assert len(expected["ten mistakes"]["problems"]) > 5
    page = browser.new_page()
    page.goto(f"{served}/en/propose.html")
    alike(in_browser(page, texts | {"ten mistakes": table.ntriples}), expected)
    page.close()


def test_where_the_pages_are_served_the_server_answers_and_reads_spreadsheets_too(browser: Browser) -> None:
    prepared, basis = both(ROOT)
    flips = next(path for path in CASES if path.stem == "field.flips").read_text("utf-8")
    expected = in_python(prepared, basis, {"flips": flips})
    table = read_draft(prepared.ground, "x.xlsx", content=(FOLDER / "ten-mistakes.xlsx").read_bytes())
    mistakes = check(prepared, [table], datetime.now(UTC).date().isoformat())
    page, wrong = browser.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    with service(ROOT) as running:
        page.goto(f"{running.url}/en/propose.html")
        alike(in_browser(page, {"flips": flips}), expected)
        page.set_input_files("#chosen", FOLDER / "ten-mistakes.xlsx")
        expect(page.locator("#status")).to_have_text(f"{len(mistakes)} problems, listed below.", timeout=60_000)
        assert sorted(page.locator("#problems span").all_text_contents()) == sorted(
            f"{p.node}: {p.message}{p.offer}" for p in mistakes
        )
        page.close()
    assert not wrong


FORM: Final = {
    "system": "Fuzhou",
    "feature": "opt-out",
    "source": "new-2020",
    "locator": 'a "quoted" place',
    "asOf": "2020-06",
}
SOURCE: Final = {"id": "new-2020", "title": "New <b>", "creator": "N. N.", "language": "zh"}


def fill(page: Page) -> None:
    """Fill in a claim with a new source."""
    page.wait_for_selector("#proposal[data-ready]")
    page.locator("fieldset summary").click()
    page.locator("#source summary").click()
    for key, written in FORM.items():
        page.fill(f"[name='Claim.{key}']", written)
    page.fill("[name='Claim.statement']", "For a test: <script>alert(1)</script> people opt out.")
    page.select_option("[name='Claim.finding']", "Present")
    for key, written in SOURCE.items():
        page.fill(f"[name='Source.{key}']", written)
    page.select_option("[name='Source.kind']", index=1)
    page.select_option("[name='Source.verification']", index=1)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_form_becomes_a_file_that_check_accepts(visit: Visit, language: str, content: SiteContent) -> None:
    shown = visit.open(f"{language}/propose.html")
    fill(shown)
    shown.click("button[type=submit]")
    expect(shown.locator("#answer")).to_be_visible(timeout=60_000)
    assert shown.locator("#cells tbody tr").count() > 0
    with shown.expect_download() as got:
        shown.click("#file")
    text = Path(got.value.path()).read_text("utf-8")
    assert got.value.suggested_filename == "claim.ttl"
    prepared = check_context(reading_context(store.load(ROOT)))
    draft = read_draft(prepared.ground, "claim.ttl", content=text.encode())
    assert check(prepared, [draft], datetime.now(UTC).date().isoformat()) == ()
    assert '"2020-06"^^xsd:gYearMonth' in text
    assert '"New <b>"@zh' in text
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_file_that_cannot_be_read_here_is_told(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.wait_for_selector("#proposal[data-ready]")
    shown.set_input_files("#chosen", FOLDER / "ten-mistakes.xlsx")
    expect(shown.locator("#status")).to_contain_text("cannot be read here")
    assert shown.locator("#answer").is_hidden()


def test_the_keyboard_alone_writes_a_claim(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.wait_for_selector("#proposal[data-ready]")
    shown.focus("[name='Claim.system']")
    for written in ("fuzhou", "opt-out", "p", "People opt out there.", "aiaaic-2018", "p. 1"):
        shown.keyboard.type(written)
        shown.keyboard.press("Tab")
    shown.focus("[name='Claim.locator']")
    shown.keyboard.press("Enter")
    expect(shown.locator("#status")).to_have_text("The claims break no rule.", timeout=60_000)


@pytest.mark.parametrize(("language", "stopped"), [("en", "Stopped."), ("zh-Hans", "已停止。")])
def test_a_check_can_be_stopped_and_begun_again(visit: Visit, language: str, stopped: str) -> None:
    shown = visit.open(f"{language}/propose.html")
    shown.wait_for_selector("#proposal[data-ready]")
    assert shown.locator("#stop").is_disabled()
    shown.click("button[type=submit]")
    shown.click("#stop")
    expect(shown.locator("#status")).to_have_text(stopped)
    assert shown.locator("#answer").is_hidden()
    shown.click("button[type=submit]")
    expect(shown.locator("#problems li").first).to_be_visible(timeout=60_000)
    assert shown.locator("#stop").is_disabled()


def test_a_check_that_takes_too_long_stops_by_itself(visit: Visit) -> None:
    shown = visit.open("en/propose.html")
    shown.wait_for_selector("#proposal[data-ready]")
    shown.evaluate("document.getElementById('proposal').dataset.limit = '0.01'")
    shown.click("button[type=submit]")
    expect(shown.locator("#status")).to_have_text("Stopped.")


def test_a_rule_is_told_in_chinese_with_the_message_beside_it(visit: Visit) -> None:
    shown = visit.open("zh-Hans/propose.html")
    shown.wait_for_selector("#proposal[data-ready]")
    shown.click("button[type=submit]")
    told = shown.locator("#problems li[data-rule='integrity:ClaimFinding']")
    expect(told).to_contain_text("须恰好有一个结论", timeout=60_000)
    expect(told.locator("[lang=en]")).to_contain_text("needs exactly one finding")
