"""Tests the pages of systems, features and sources on the invented world."""

import re
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.entity_pages import QUESTIONS, decided_cells
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import words
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.store.query_library import row_text


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


def test_every_kind_of_feature_answers_one_question(content: SiteContent) -> None:
    kinds = [kind for own in QUESTIONS.values() for kind in own]
    assert len(kinds) == len(set(kinds))
    assert {local_id(row_text(row, "kind")) for row in content.rows["features"]} <= set(kinds)


def test_a_system_shows_each_claim_that_counts_under_a_question(content: SiteContent) -> None:
    withdrawn = {
        row_text(row, "claim") for row in content.rows["claims"] if content.is_withdrawn(row_text(row, "claim"))
    }
    assert {"beta-door-news-2002", "gamma-cake-book-2001"} <= set(map(local_id, withdrawn))
    for system, rows in content.grouped("claims", "system").items():
        shown = page(content, f"system/{local_id(system)}").data["by_question"]
        listed = [
            row_text(row, "claim")
            for kinds in shown.values()
            for features in kinds.values()
            for claims in features.values()
            for row in claims
        ]
        assert sorted(listed) == sorted({row_text(row, "claim") for row in rows} - withdrawn)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_claim_is_struck_out_at_its_source_and_counts_on_no_page(
    content: SiteContent, language: str
) -> None:
    source = html(content, page(content, "source/news-2002"), language)
    (entry,) = re.findall(r'<li id="door">(.*?)</li>', source, re.DOTALL)
    assert "<s>" in entry
    assert words(language)["text"]["withdrawn"] in entry
    assert source.count("<s>") == 1
    shown = page(content, "feature/door").data["claims"]
    listed = {row_text(row, "claim") for systems in shown.values() for rows in systems.values() for row in rows}
    assert f"{BASE}claim/beta-door-news-2002" not in listed


def test_a_source_lists_the_decided_cells_that_depend_on_its_claims(content: SiteContent) -> None:
    for source, rows in content.grouped("claims", "source").items():
        claims = {row_text(row, "claim") for row in rows}
        expected = {
            (choice.reading.iri, cell.system, cell.principle)
            for choice in content.choices.values()
            for cell in view(content, choice.reading.id).matrix.cells
            if (cell.outcome is not Outcome.CANT_TELL or cell.counts.met)
            for verdict in cell.verdicts
            if verdict.outcome is not Outcome.CANT_TELL and verdict.criterion not in cell.supporting
            if claims.intersection(verdict.claims)
        }
        found = {
            (one.reading, one.system, cell.principle)
            for one in page(content, f"source/{local_id(source)}").data["cells"]
            for cell in one.cells
        }
        assert found == expected
    assert decided_cells(content, []) == []
