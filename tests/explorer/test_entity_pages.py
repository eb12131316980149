"""Tests the pages of systems, features, sources and publishers on the invented world."""

import re
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.entity_pages import QUESTIONS, decided_cells
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import label, words
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.page import LANGUAGES, address_of, slug
from scs_kg.explorer.router import page
from scs_kg.model.namespaces import BASE, SCS, local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.store.query_library import row_text
from tests.conftest import build_world


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
    (entry,) = re.findall(r'<li id="beta-door">(.*?)</li>', source, re.DOTALL)
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_links_to_its_publisher(real_content: SiteContent, language: str) -> None:
    publishers = page(real_content, "publishers")
    text = html(real_content, publishers, language)
    found = publishers.data["by_publisher"]
    assert len(found) > 100
    assert len({slug(publisher) for publisher in found}) == len(found)
    for publisher, rows in list(found.items())[:5]:
        assert f'<section id="{slug(publisher)}">' in text
        for row in rows[:2]:
            source = html(real_content, page(real_content, f"source/{local_id(row_text(row, 'source'))}"), language)
            assert f'href="../publishers.html#{slug(publisher)}"' in source


def test_a_slug_has_letters_digits_and_hyphens() -> None:
    assert slug("People's Daily Online") == "people-s-daily-online"
    assert slug("新华社 2019") == "新华社-2019"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_publisher_with_a_record_has_its_kind_and_its_links(real_content: SiteContent, language: str) -> None:
    iri, text = BASE + "publisher/human-rights-watch", html(real_content, page(real_content, "publishers"), language)
    section = text.split('<section id="human-rights-watch">')[1].split("</section>")[0]
    kind = label(real_content, SCS + "NonProfit", language)[0]
    assert address_of(real_content, iri) == "publishers#human-rights-watch"
    assert f"{words(language)['text']['kind']}{words(language)['mark']['colon']}{kind}</p>" in section
    assert re.findall(r'<li><a href="(https://ror\.org/[^"]+|http://www\.wikidata\.org/[^"]+)"', section) == [
        "https://ror.org/05cwdqs42",
        "http://www.wikidata.org/entity/Q187052",
    ]
    source = html(real_content, page(real_content, "source/human-rights-watch-2019"), language)
    assert f"</a> <small>{kind}</small></dd>" in source


def test_a_publisher_has_its_chinese_name_on_the_chinese_page(real_content: SiteContent) -> None:
    shown = {language: html(real_content, page(real_content, "publishers"), language) for language in LANGUAGES}
    number = sum(row_text(row, "publisher") == "State Council" for row in real_content.rows["sources"])
    assert (
        f'<h2>国务院 <small>{number} 个来源</small></h2>\n<p><i lang="en">State Council</i>；类型：政府机构</p>'
        in shown["zh-Hans"]
    )
    assert f"<h2>State Council <small>sources: {number}</small></h2>\n<p>Kind: government body</p>" in shown["en"]


def test_a_publisher_without_a_record_has_only_its_name(tmp_path: Path) -> None:
    sources = build_world(tmp_path / "world") / "data" / "sources.ttl"
    named = 'src:blog-2018 a scs:Source ;\n  dcterms:publisher "Village Herald" ;'
    sources.write_text(sources.read_text("utf-8").replace("src:blog-2018 a scs:Source ;", named), "utf-8")
    other = load_content(tmp_path / "world")
    text = html(other, page(other, "publishers"), "en")
    assert '<h2>Village Herald <small>sources: 1</small></h2>\n<ul class="sources">' in text
    assert "<h2>Court of the Isle <small>sources: 1</small></h2>\n<p>Kind: government body</p>" in text


def test_a_publisher_is_linked_by_a_name_that_a_source_has(tmp_path: Path) -> None:
    path = build_world(tmp_path / "world") / "data" / "publishers.ttl"
    text = path.read_text("utf-8")
    name = 'foaf:name "Court of the Isle"'
    path.write_text(text.replace(name, f'{name} , "Court"'), "utf-8")
    assert address_of(load_content(tmp_path / "world"), BASE + "publisher/court-of-the-isle") == (
        "publishers#court-of-the-isle"
    )
    path.write_text(text.replace(name, 'foaf:name "Court"'), "utf-8")
    assert address_of(load_content(tmp_path / "world"), BASE + "publisher/court-of-the-isle") is None
