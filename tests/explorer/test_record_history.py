"""Tests the history of a thing on its page: location, objections, withdrawn statements, changed verdicts."""

import re
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.record_history import record_history
from scs_kg.explorer.router import addresses, page
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.store.query_library import row_text

TOUCHED = {
    "the system of a retracted claim": ("system/beta", "withdrawn", "beta-door-news-2002"),
    "the feature of a retracted claim": ("feature/door", "withdrawn", "beta-door-news-2002"),
    "the source of a retracted claim": ("source/news-2002", "withdrawn", "beta-door-news-2002"),
    "the system of a superseded claim": ("system/gamma", "withdrawn", "gamma-cake-book-2001"),
    "the source of what superseded nothing": ("source/book-2001", "withdrawn", "gamma-cake-book-2001"),
    "the region of a superseded level": ("region/town", "withdrawn", "town-level-book-2001"),
    "a criterion that is objected to": ("criterion/no-ledger", "objections", "no-ledger"),
    "the criterion of a provision that is objected to": (
        "criterion/no-stocks",
        "objections",
        "plain-kindness-no-stocks",
    ),
    "the system of a claim that is objected to": ("system/beta", "objections", "beta-gossip-news-2002"),
}


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


@pytest.mark.parametrize("case", TOUCHED)
def test_an_act_is_shown_on_the_pages_of_everything_that_its_object_names(content: SiteContent, case: str) -> None:
    address, kind, record = TOUCHED[case]
    found = record_history(content, BASE + address)
    rows, name = (found.withdrawn, "claim") if kind == "withdrawn" else (found.objections, "object")
    assert record in {row_text(row, name).rsplit("/")[-1] for row in rows}
    for language in LANGUAGES:
        said = html(content, page(content, address), language)
        assert '<h2 id="history">' in said
        shown = said.split('<h2 id="history">')[1]
        address_of_claim = content.anchors.get(f"{BASE}claim/{record}", "")
        path, _, fragment = address_of_claim.partition("#")
        link = f'"#{fragment}"' if path == address else f'{path}.html#{fragment}"'
        assert record in shown or (fragment and link in shown)


def test_a_thing_without_acts_has_no_history(content: SiteContent) -> None:
    assert BASE + "feature/singing" in content.names
    found = record_history(content, BASE + "feature/singing")
    assert (found.objections, found.withdrawn, found.changes) == ((), (), ())
    assert not found.has_events


def test_a_changed_verdict_is_shown_on_the_pages_of_system_and_criterion(
    content: SiteContent,
) -> None:
    states = content.verdict_periods()
    assert states
    for state in states:
        system, criterion = content.verdict_keys[state.verdict]
        for iri in (system, criterion):
            assert (state.since, system, criterion, state.outcome) in {
                (change.since, change.system, change.criterion, change.outcome)
                for change in record_history(content, iri).changes
            }


def test_every_page_of_a_thing_shows_its_location_and_links_to_its_history(
    content: SiteContent, shared_world: Path
) -> None:
    things = [found for address in addresses(content) if (found := page(content, address)).iri.startswith(BASE)]
    assert len(things) > 30
    for found in things:
        file, line = record_history(content, found.iri).location.rsplit(":", 1)
        kept = (shared_world / file).read_text("utf-8").splitlines()[int(line) - 1]
        assert re.match(rf"\S*{re.escape(found.iri.rsplit('/')[-1])}>? a ", kept), found.iri
        said = html(content, found, "en")
        assert (
            said.count('href="#history"')
            == said.count('<h2 id="history">')
            == record_history(content, found.iri).has_events
        )


def test_principles_and_guidelines_link_to_the_verdict_history_of_their_readings(content: SiteContent) -> None:
    found = [choice for choice in content.choices.values() if choice.guideline.iri]
    assert found
    for choice in found:
        rows = [row for row in content.rows["principles"] if row_text(row, "guideline") == choice.guideline.iri]
        assert rows
        for iri in (choice.guideline.iri, choice.reading.iri, *(row_text(row, "principle") for row in rows)):
            assert choice.reading.id in record_history(content, iri).readings
    assert record_history(content, SCS + "Claim").readings == ()
