"""Names of sources for readers: authors, year and title instead of ids, and bodies in the language of the page."""

import re

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.explorer.search_index import search_texts
from scs_kg.explorer.source_names import authors, body_name, full_citation, named_records, part_read, short_citation
from scs_kg.model.namespaces import PREFIXES, local_id

SCHUFA = PREFIXES["src"] + "20-4-10-schufa"
COURT = "Supreme People's Court"
TAG = re.compile(r"<footer.*", re.DOTALL)


def visible(text: str) -> str:
    """Return the text of a page without tags, identifiers and footer."""
    return re.sub(r"<[^>]*>", " ", TAG.sub("", text.partition("<main")[2]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_source_is_listed_by_its_id(real_content: SiteContent, language: str) -> None:
    ids = {local_id(source) for source in real_content.grouped("sources", "source")}
    assert {"20-4-10-schufa", "hengshui-daily-2020"} <= ids
    for address in (
        "sources",
        "publishers",
        "publishers/newspaper",
        "source/20-4-10-schufa",
        "source/hengshui-daily-2020",
    ):
        shown = visible(html(real_content, page(real_content, address), language))
        assert ids & set(re.findall(r"[\w.-]+", shown)) == set()


def test_a_source_page_is_cited_by_authors_year_and_title(real_content: SiteContent) -> None:
    shown = html(real_content, page(real_content, "source/20-4-10-schufa"), "en")
    title = "20-4-10-regel.de (no date): Bonität unbeeinflusst: was die SCHUFA nicht berücksichtigt"
    assert full_citation(real_content, SCHUFA, "en") == title
    assert f"<title>{title} · scs-kg</title>" in shown
    assert f"The scs-kg contributors: {title}." in shown


def test_a_title_is_in_the_language_of_the_page(real_content: SiteContent) -> None:
    regulation, article = PREFIXES["src"] + "henan-credit-regulations-2019", PREFIXES["src"] + "airc-dibaoquan"
    assert full_citation(real_content, regulation, "en").endswith(": Social Credit Regulations of Henan Province")
    assert full_citation(real_content, regulation, "zh-Hans").endswith("：河南省社会信用条例")
    assert full_citation(real_content, article, "en").endswith(": [Credit management in the village of Dibaoquan]")
    assert full_citation(real_content, article, "zh-Hans").endswith("：[Dibaoquan村的信用管理]")


def test_bodies_have_their_chinese_names_on_chinese_pages(real_content: SiteContent) -> None:
    assert body_name(real_content, COURT, "en") == (COURT, "")
    assert body_name(real_content, COURT, "zh-Hans") == ("最高人民法院", "zh-hans")
    assert (
        authors(real_content, f"{COURT}; Legal Weekly (法治周末); Nobody", "zh-Hans")
        == "最高人民法院; 法治周末; Nobody"
    )
    assert authors(real_content, "Credit Fuzhou", "zh-Hans") == "信用福州"
    assert body_name(real_content, "Credit Fuzhou", "zh-Hans") == ("信用福州", "zh-hans")
    both = "EEOC; Federal Trade Commission"
    assert authors(real_content, both, "zh-Hans") == "美国平等就业机会委员会、美国联邦贸易委员会"
    assert authors(real_content, both, "en") == both
    assert short_citation(real_content, SCHUFA, "zh-Hans") == "20-4-10-regel.de（无日期）"
    assert "最高人民法院" in visible(html(real_content, page(real_content, "publishers"), "zh-Hans"))


def test_a_superseded_or_contradicted_claim_is_named_by_its_subject_and_its_source(real_content: SiteContent) -> None:
    shown = visible(html(real_content, page(real_content, "source/agrawal-2022"), "en"))
    claims = {local_id(claim) for claim in real_content.grouped("claims", "claim")}
    assert claims & set(re.findall(r"[\w.-]+", shown)) == set()


def test_ids_in_notes_are_replaced_by_citations(real_content: SiteContent) -> None:
    note = "The source sccei-national-model gives it (hvistendahl-2017); shanghai-named-operator-shanghai-decree-2015."
    named = named_records(real_content, note)
    assert named.startswith("The source SCCEI")
    assert "(Hvistendahl" in named
    assert named_records(real_content, "well-known, 2019-11-29") == "well-known, 2019-11-29"
    assert "also served Suzhou" in named_records(real_content, "The same search also served suzhou-osmanthus.")
    for address in ("system/xinjiang", "system/wuxi", "source/liu-classifications"):
        shown = visible(html(real_content, page(real_content, address), "zh-Hans"))
        ids = {
            local_id(iri) for kind in ("source", "claim", "system") for iri in real_content.grouped(f"{kind}s", kind)
        }
        assert ids & set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", shown)) == set()


def test_the_printed_table_names_its_source_by_author_and_year(real_content: SiteContent) -> None:
    shown = html(real_content, page(real_content, "matrix/agrawal-2022"), "en")
    assert '<a href="../source/agrawal-2022.html">Agrawal, V. (2022)</a>' in shown


def test_sources_with_the_same_authors_year_and_title_differ_by_the_part_that_was_read(
    real_content: SiteContent,
) -> None:
    parts = {
        name: part_read(real_content, PREFIXES["src"] + name) for name in ("human-rights-watch-2019", "agrawal-2022")
    }
    assert parts == {"human-rights-watch-2019": "title page and contents", "agrawal-2022": ""}
    for address in ("sources", "publishers/non-profit"):
        assert "full text of 76 pages" in html(real_content, page(real_content, address), "en")
    (found,) = (one for one in search_texts(real_content)["sources"] if one[0] == "source/human-rights-watch-2019-full")
    assert found[-1] == "full text of 76 pages"
