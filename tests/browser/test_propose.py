"""The page "Add a claim" reports the same problems and the same changed cells as check and what-if in Python."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from scs_kg import store
from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.contribute.check import CheckContext, check, check_context
from scs_kg.contribute.read import Draft, read_draft, reading_context
from scs_kg.explorer.build import build
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.render.impact import whatif_json
from scs_kg.render.problems import as_problems_json
from scs_kg.store import Dataset
from tests.browser.conftest import NewPage, ready, served_folder
from tests.browser.work import ALL_THREADS, clock
from tests.contribute.check.test_check import DRAFTS, FOLDER, HEAD, SOUND, as_draft
from tests.rules.test_rules import name
from tests.support.served import Service
from tests.support.whatif_reports import CASES

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
SUGGESTED: Final = re.compile(r" \(did you mean [^()]*\?\)$")
MOST_SECONDS: Final = 3
"""The maximum processor time of an answer in the page, except for the first answer.

An answer takes about half a second.
"""
RUN: Final = """async (texts) => {
  const input = document.getElementById("chosen"), answer = document.getElementById("answer"), found = {};
  for (const [name, text] of Object.entries(texts)) {
    const files = new DataTransfer();
    files.items.add(new File([text], "case.ttl"));
    answer.hidden = true;
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
    for (let turns = 0; answer.hidden && turns < 12000; turns++) await new Promise((next) => setTimeout(next, 5));
    if (answer.hidden) throw new Error(name + ": " + document.getElementById("status").textContent);
    const rows = (query) => [...answer.querySelectorAll(query)];
    found[name] = {
      problems: rows("#problems li").map((item) => [item.className, item.dataset.rule, item.children[1].textContent]),
      cells: document.getElementById("cells").hidden ? [] : rows("#cells tbody tr").map((row) => row.dataset.cell),
      within: rows("[data-kind=changedWithin] a").map((link) => link.getAttribute("href")),
      contradicted: rows("[data-kind=contradicted] q").map((quote) => quote.textContent),
      alike: rows("[data-kind=alike] q").map((quote) => quote.textContent),
    };
  }
  return found;
}"""


def in_browser(page: Page, texts: Mapping[str, str]) -> dict[str, Any]:
    """Submit each text to the open page as a Turtle file; return the problems and the cells that it shows."""
    return dict(ready(page).evaluate(RUN, dict(texts)))


def in_python(prepared: CheckContext, basis: Workspace, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the results of check and what-if for each text, in the structure of ``in_browser``."""
    return {key: _one(prepared, basis, draft_of(prepared, text)) for key, text in texts.items()}


def draft_of(prepared: CheckContext, text: str) -> Draft:
    """Read a text as a draft."""
    return read_draft(prepared.reading, "case.ttl", content=text.encode())


def _one(prepared: CheckContext, basis: Workspace, draft: Draft) -> dict[str, Any]:
    found = check(prepared, [draft], datetime.now(UTC).date().isoformat())
    written = {p["rule"]: p for p in json.loads(as_problems_json(found))["problems"]}
    cells = [] if not found.conforms else json.loads(whatif_json(whatif(basis, draft.ntriples)))["cells"]
    places, counts = ("guideline", "reading", "principle", "system"), ("met", "notMet", "open", "of")
    return {
        "problems": [
            [written[p.rule]["severity"], p.rule, f"{p.node}: {p.message}"]
            for p in sorted(found.problems, key=lambda p: (p.line or 0, p.column or 0, p.node, p.rule, p.message))
        ],
        "cells": [
            " ".join([*(cell[place] for place in places), cell["before"]["mark"], cell["after"]["mark"]])
            for cell in cells
            if cell["before"]["mark"] != cell["after"]["mark"]
        ],
        "within": [
            f"reading/{cell['reading']}/{cell['system']}.html#{cell['principle']}"
            for cell in cells
            if cell["before"]["mark"] == cell["after"]["mark"]
            and any(cell["before"][count] != cell["after"][count] for count in counts)
        ],
    }


def assert_equal(
    found: Mapping[str, Any], expected: Mapping[str, Any], parts: Iterable[str] = ("problems", "cells", "within")
) -> None:
    """Compare both results; their order, messages on syntax errors and suggested names do not matter.

    The page suggests only names with a similar spelling. ``check`` also searches labels and definitions, and names a
    command.
    """
    for key, one in expected.items():
        for part in parts:
            shown = [p[:2] if p[1] == "integrity:FileSyntax" else _without_suggestions(p) for p in found[key][part]]
            wanted = [p[:2] if p[1] == "integrity:FileSyntax" else p for p in one[part]]
            assert sorted(shown) == sorted(wanted), f"{key}: {part}"


def _without_suggestions(shown: Any) -> Any:
    """Return a problem without suggested names; anything else is unchanged."""
    return [*shown[:2], SUGGESTED.sub("", shown[2])] if isinstance(shown, list) else shown


@pytest.fixture(scope="session")
def tales(shared_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site of the invented world; return its address."""
    folder = tmp_path_factory.mktemp("tales") / "site"
    build(load_content(shared_world), folder)
    with served_folder(folder) as address:
        yield address


def workspace(dataset: Dataset) -> Workspace:
    """Return the workspace that ``whatif`` needs for an opened project."""
    return open_workspace(dataset, read_principle_criteria(dataset))


@pytest.fixture(scope="module")
def basis(content: SiteContent) -> Workspace:
    """Return the workspace that ``whatif`` needs for the project's own data."""
    return workspace(content.source)


def test_javascript_and_python_agree_on_every_shared_case_of_the_invented_world(
    new_page: NewPage, tales: str, shared_world: Path
) -> None:
    drafts = {name(path): draft for path in DRAFTS if (draft := as_draft(path))}  # N-Triples are read in this process
    texts = {new: HEAD + SOUND.replace(old, new, 1) for old, new in MISTAKES} | BAD_TURTLE
    texts |= {path.stem: path.read_text("utf-8") for path in CASES if path.stem.startswith("world")}
    checking, basis = check_context(reading_context(store.load(shared_world))), workspace(open_guarded(shared_world))
    expected = in_python(checking, basis, texts) | {key: _one(checking, basis, one) for key, one in drafts.items()}
    assert len({rule for one in expected.values() for _, rule, _ in one["problems"]}) > 40
    assert sum(bool(one["cells"]) for one in expected.values()) > 1
    page = new_page()
    page.goto(f"{tales}/en/propose.html")
    found = in_browser(page, texts | {key: draft.ntriples for key, draft in drafts.items()})
    assert_equal(found, expected)
    assert {key for key, one in expected.items() if one["within"]}
    stocks = ["Beta puts singers in the stocks."]
    related = {path.stem: [found[path.stem][kind] for kind in ("contradicted", "alike")] for path in CASES[-4:]}
    assert related == {
        "world.contested": [stocks, []],
        "world.flips": [[], []],
        "world.nothing": [[], []],
        "world.second-source": [[], stocks],
    }


def test_javascript_and_python_agree_on_the_shared_cases_of_the_real_data(
    new_page: NewPage, served: str, checking: CheckContext, basis: Workspace
) -> None:
    table = read_draft(checking.reading, "x.xlsx", content=(FOLDER / "ten-mistakes.xlsx").read_bytes())
    texts = {path.stem: path.read_text("utf-8") for path in CASES if path.stem.startswith("field")}
    expected = in_python(checking, basis, texts | {"ten mistakes": table.ntriples})
    assert [len(one["cells"]) > 0 for one in expected.values()] == [True, True, False, False]
    assert len(expected["ten mistakes"]["problems"]) > 5
    page = new_page()
    page.goto(f"{served}/en/propose.html")
    found = in_browser(page, {"ten mistakes": table.ntriples})
    read, taken = clock(page, ALL_THREADS), list[float]()
    for key, text in texts.items():  # the first case also waits until the data is loaded
        before = read()
        found |= in_browser(page, {key: text})
        taken.append(read() - before)
    assert min(taken) <= MOST_SECONDS
    assert_equal(found, expected)
    suggested = [SUGGESTED.findall(text) for _, _, text in found["ten mistakes"]["problems"]]
    assert [" (did you mean rongcheng or qingzhen?)"] in suggested


def test_a_served_page_uses_the_server_which_reads_spreadsheets(
    new_page: NewPage, service: Service, checking: CheckContext, basis: Workspace
) -> None:
    flips = next(path for path in CASES if path.stem == "field.flips").read_text("utf-8")
    expected = in_python(checking, basis, {"flips": flips})
    table = read_draft(checking.reading, "x.xlsx", content=(FOLDER / "ten-mistakes.xlsx").read_bytes())
    mistakes = check(checking, [table], datetime.now(UTC).date().isoformat()).problems
    page, wrong = new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(f"{service.url}/en/propose.html")
    assert_equal(in_browser(page, {"flips": flips}), expected, ("problems", "cells"))
    within = page.locator("[data-kind=changedWithin] a").evaluate_all("links => links.map((link) => link.href)")
    assert {f"{service.url}/en/{address}" for address in expected["flips"]["within"]} <= set(within)
    page.set_input_files("#chosen", FOLDER / "ten-mistakes.xlsx")
    expect(page.locator("#status")).to_have_text(f"{len(mistakes)} problems, listed below.")
    assert sorted(page.locator("#problems span").all_text_contents()) == sorted(
        f"{p.node}: {p.message}" + (f" (did you mean {' or '.join(p.near)}?)" if p.near else "") for p in mistakes
    )
    assert not wrong
