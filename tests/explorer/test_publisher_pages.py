"""Tests the pages of publishers: sources link to the section on their publisher, which lists what they support."""

import re
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.entity_pages import decided_cells
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import label, words
from scs_kg.explorer.page import LANGUAGES, address_of, publisher_address, slug
from scs_kg.explorer.publisher_pages import addresses, publishers_by_group
from scs_kg.explorer.router import page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.namespaces import BASE, SCS, local_id
from scs_kg.store.query_library import row_text
from tests.conftest import build_world


def section_of(text: str, name: str) -> str:
    """Return the section on a publisher, given by name, of a page."""
    return text.split(f'<section id="{slug(name)}">')[1].partition("</section>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_links_to_a_section_that_lists_it(real_content: SiteContent, language: str) -> None:
    groups = publishers_by_group(real_content)
    assert len({slug(name) for found in groups.values() for name in found}) == sum(map(len, groups.values())) > 100
    listed = html(real_content, page(real_content, "publishers"), language)
    for group, found in groups.items():
        text = html(real_content, page(real_content, f"publishers/{group}"), language)
        for name, rows in found.items():
            section = section_of(text, name)
            assert f'<a id="{slug(name)}" href="publishers/{group}.html#{slug(name)}">' in listed
            assert all(f'href="../source/{local_id(row_text(row, "source"))}.html"' in section for row in rows)
        name, (first, *_) = next(iter(found.items()))
        source = html(real_content, page(real_content, f"source/{local_id(row_text(first, 'source'))}"), language)
        assert f'href="../publishers/{group}.html#{slug(name)}"' in source
    assert {f"publishers/{group}" for group in groups} == set(addresses(real_content))


def test_a_publisher_shows_what_its_sources_support(real_content: SiteContent) -> None:
    (shown,) = (one for one in page(real_content, "publishers/non-profit").data["publishers"] if one.name == NAME)
    sources = {row_text(row, "source") for row in real_content.rows["sources"] if row_text(row, "publisher") == NAME}
    rows = [row for row in real_content.rows["claims"] if row_text(row, "source") in sources]
    claims = {row_text(row, "claim") for row in rows}
    assert shown.claims == len(claims) == sum(shown.systems.values()) > 10
    cells = {
        (one.reading, one.system, cell.principle)
        for claim in claims
        for one in decided_cells(real_content, [claim])
        for cell in one.cells
    }
    assert shown.cells == len(cells) > 0
    section = section_of(html(real_content, page(real_content, "publishers/non-profit"), "en"), NAME)
    sentence = f"Claims from the sources of this publisher: {shown.claims}. Decided cells that depend on these claims:"
    assert f"{sentence} {shown.cells}." in section
    for system, count in shown.systems.items():
        assert (
            f'<a href="../system/{local_id(system)}.html">{label(real_content, system, "en")[0]}</a> {count}' in section
        )


NAME = "Human Rights Watch"


def test_a_kind_without_publishers_has_no_page(real_content: SiteContent) -> None:
    with pytest.raises(UnknownNameError, match="publishers/bakery"):
        page(real_content, "publishers/bakery")


def test_a_slug_has_letters_digits_and_hyphens() -> None:
    assert slug("People's Daily Online") == "people-s-daily-online"
    assert slug("新华社 2019") == "新华社-2019"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_publisher_with_a_record_has_its_kind_and_its_links(real_content: SiteContent, language: str) -> None:
    iri, text = (
        BASE + "publisher/human-rights-watch",
        html(real_content, page(real_content, "publishers/non-profit"), language),
    )
    kind = label(real_content, SCS + "NonProfit", language)[0]
    assert address_of(real_content, iri) == "publishers/non-profit#human-rights-watch"
    assert f"</a>{words(language)['mark']['colon']}{kind}</h1>" in text
    assert re.findall(
        r'<li><a href="(https://ror\.org/[^"]+|http://www\.wikidata\.org/[^"]+)"', section_of(text, NAME)
    ) == [
        "https://ror.org/05cwdqs42",
        "http://www.wikidata.org/entity/Q187052",
    ]
    source = html(real_content, page(real_content, "source/human-rights-watch-2019"), language)
    assert 'publishers/non-profit.html#human-rights-watch">' in source


def test_a_publisher_has_its_chinese_name_on_the_chinese_page(real_content: SiteContent) -> None:
    address = publisher_address(real_content, "State Council").partition("#")[0]
    assert address == "publishers/government-body"
    shown = {language: html(real_content, page(real_content, address), language) for language in LANGUAGES}
    number = sum(row_text(row, "publisher") == "State Council" for row in real_content.rows["sources"])
    assert f'<h2>国务院 <small>{number} 个来源</small></h2>\n<p><i lang="en">State Council</i></p>' in shown["zh-Hans"]
    assert f"<h2>State Council <small>sources: {number}</small></h2>\n<p>Claims from the sources" in shown["en"]


def test_a_publisher_without_a_record_has_only_its_name(tmp_path: Path) -> None:
    sources = build_world(tmp_path / "world") / "data" / "sources.ttl"
    named = 'src:blog-2018 a scs:Source ;\n  dcterms:publisher "Village Herald" ;'
    sources.write_text(sources.read_text("utf-8").replace("src:blog-2018 a scs:Source ;", named), "utf-8")
    other = load_content(tmp_path / "world")
    assert list(addresses(other)) == ["publishers/government-body", "publishers/other"]
    assert "</a>: without a kind</h1>" in (text := html(other, page(other, "publishers/other"), "en"))
    assert "<h2>Village Herald <small>sources: 1</small></h2>\n<p>Claims from the sources of this publisher" in text


def test_a_publisher_is_linked_by_a_name_that_a_source_has(tmp_path: Path) -> None:
    path = build_world(tmp_path / "world") / "data" / "publishers.ttl"
    text = path.read_text("utf-8")
    name = 'foaf:name "Court of the Isle"'
    path.write_text(text.replace(name, f'{name} , "Court"'), "utf-8")
    assert address_of(load_content(tmp_path / "world"), BASE + "publisher/court-of-the-isle") == (
        "publishers/government-body#court-of-the-isle"
    )
    path.write_text(text.replace(name, 'foaf:name "Court"'), "utf-8")
    assert address_of(load_content(tmp_path / "world"), BASE + "publisher/court-of-the-isle") is None
