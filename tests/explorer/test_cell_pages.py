"""Tests the pages of cells and marks on the real data: sentences, elements, conditions, counts, both languages."""

import re
from collections import Counter

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.page import LANGUAGES, address_of
from scs_kg.explorer.router import addresses, page
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.render.language import gettext, messages_in
from scs_kg.render.sentences import CELL_RULES
from scs_kg.render.table import MARKS, marked
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT

SCORING = "reading/eu-ai-act-2024-full-text/rongcheng"
WITH_COUNTS = re.compile(r"(\(×\)|[√◐×?–])(§|\(§\))? \d+/\d+( [ach]+)?")


@pytest.fixture(scope="module")
def content(real_content: SiteContent) -> SiteContent:
    """Return the data of all pages."""
    return real_content


def shown(content: SiteContent, address: str, language: str = "en") -> str:
    """Return the text of a page, with spaces in place of tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html(content, page(content, address), language)))


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("elements are fulfilled", "The text covers the system only if this is true", "Counterfactual")),
        ("zh-Hans", ("项要件中已具备", "文本涵盖该体系的前提", "反事实")),
    ],
)
def test_a_cell_says_how_many_elements_of_a_ban_are_fulfilled_and_lists_them(
    content: SiteContent, language: str, sentences: tuple[str, ...]
) -> None:
    text = shown(content, SCORING, language)
    assert all(sentence in text for sentence in sentences)
    rows = re.findall(r'<tr><th scope="row"><a href="[^"]*condition/', html(content, page(content, SCORING), language))
    assert len(rows) >= len(content.elements[f"{BASE}criterion/no-detrimental-social-scoring"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_matrix_shows_every_mark_with_its_counts(content: SiteContent, language: str) -> None:
    for choice in content.choices.values():
        found = view(content, choice.reading.id)
        text = html(content, page(content, found.address), language)
        (table,) = re.findall(r'<table class="matrix">(.*?)</table>', text, re.DOTALL)
        cells = re.findall(r'<td(?: class="(\w+)")?>(?:<a [^>]*>)?([^<]*)', table)
        written = [(mark or Mark.NOT_KNOWN, sign.strip()) for mark, sign in cells]
        assert sorted(written) == sorted((cell.mark, marked(cell)) for cell in found.matrix.cells)
        assert all(WITH_COUNTS.fullmatch(sign) for mark, sign in written if mark != Mark.NOT_ASKED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reading", ["agrawal-2022", "pipl-2021-full-text"])
def test_a_matrix_and_a_cell_page_say_the_cell_rule(content: SiteContent, reading: str, language: str) -> None:
    shown_view = view(content, reading)
    with messages_in("en" if language == "en" else "zh"):
        rule = gettext(CELL_RULES[shown_view.matrix.rule])
    for address in (shown_view.address, f"reading/{reading}/shanghai"):
        assert rule in shown(content, address, language)


@pytest.mark.parametrize(
    ("reading", "words"),
    [("pipl-2021-full-text", ("met", "not met")), ("unesco-2021-full-text", ("upheld", "breached"))],
)
def test_a_legend_has_the_words_for_the_kind_of_norm(
    content: SiteContent, reading: str, words: tuple[str, str]
) -> None:
    text = html(content, page(content, f"matrix/{reading}"), "en")
    legend = dict(re.findall(r'<dt class="(\w+)"><b>[^<]*</b></dt><dd>([^<:]*)', text))
    assert legend.keys() == set(Mark)
    assert (legend[Mark.MET].strip(), legend[Mark.NOT_MET].strip()) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_has_a_page_at_the_path_of_its_iri(content: SiteContent, language: str) -> None:
    found = list(addresses(content))
    conditions = {row_text(row, "condition") for row in content.rows["condition-list"]}
    assert len(conditions) > 30
    for iri in conditions:
        address = iri.removeprefix(BASE)
        assert address in found
        assert address_of(content, iri) == address
    text = shown(content, "condition/artificial-intelligence", language)
    assert ("AI Act" in text) or ("人工智能法" in text)


def test_a_supporting_criterion_is_in_its_own_section(content: SiteContent) -> None:
    built = page(content, "reading/pipl-2021-full-text/rongcheng")
    cells = {cell.explanation.principle.id: cell for cell in built.data["cells"]}
    supported = [cell for cell in cells.values() if cell.supporting]
    assert supported
    for cell in supported:
        assert not any(step.supporting for step in (*cell.with_claims, *cell.without_claims))
        assert cell.explanation.cell.counts.of <= len((*cell.with_claims, *cell.without_claims))
    assert "Shown, but does not count" in shown(content, "reading/pipl-2021-full-text/rongcheng")


def test_a_reading_says_its_cell_rule_and_the_conditions_of_its_provisions(content: SiteContent) -> None:
    text = shown(content, "reading/pipl-2021-full-text")
    assert "every criterion" in text
    assert "Applies if" in text
    assert "does not count" in text
    assert "any criterion" in shown(content, "reading/agrawal-2022")


def test_a_cell_outside_the_scope_names_its_criteria_without_verdicts(content: SiteContent) -> None:
    built = page(content, "reading/china-2019-full-text/xiamen")
    outside = [cell for cell in built.data["cells"] if cell.is_outside]
    assert {str(cell.explanation.cell.counts.of) for cell in outside} == {"0"}
    assert any(cell.with_claims or cell.without_claims for cell in outside)
    text = html(content, built, "en")
    for cell in outside:
        (section,) = re.findall(rf'<section id="{cell.explanation.principle.id}">(.*?)</section>', text, re.DOTALL)
        has_list = "Criteria that this reading requires of a system that the text covers: <a" in section
        assert has_list == bool(cell.with_claims or cell.without_claims)
        assert all(f"criterion/{step.criterion.id}.html" in section for step in cell.with_claims + cell.without_claims)
        assert '<b class="passed">' not in section


def test_a_page_of_cells_says_whether_a_failure_is_known_and_what_it_means(content: SiteContent) -> None:
    xiamen, xinjiang = (shown(content, f"reading/pipl-2021-full-text/{name}") for name in ("xiamen", "xinjiang"))
    nothing = "No deciding criterion of this text is known not to be met."
    caveat = "A criterion that is not met does not mean that a law was broken."
    assert (nothing in xiamen, caveat in xiamen) == (True, False)
    assert (nothing in xinjiang, caveat in xinjiang) == (False, True)
    assert "Criteria that are not met, but decide no mark: No consequences in unrelated fields" in xinjiang


@pytest.mark.slow
def test_a_server_has_editions_of_rules_and_of_practice_side_by_side(content: SiteContent) -> None:
    assert content.modes == ("de-jure", "de-facto")
    built = page(content, "beside/china-2019-full-text/de-jure/de-facto")
    assert built.data["one"].matrix.selection.mode == "de-jure"
    assert built.data["other"].matrix.selection.mode == "de-facto"
    assert built.data["count"] > 0
    matrix = page(content, "matrix/china-2019-full-text")
    link = 'href="../beside/china-2019-full-text/de-jure/de-facto.html"'
    assert link in html(content, matrix, "en", served=True)
    assert link not in html(content, matrix, "en")


def test_only_a_server_has_the_comparisons_of_a_year(content: SiteContent) -> None:
    matrix = page(content, "matrix/china-2019-full-text")
    for link in ('href="china-2019-full-text/as-of-2018.html"', "/as-of-2018/all.html"):
        assert link in html(content, matrix, "en", served=True)
        assert link not in html(content, matrix, "en")
    assert not [address for address in addresses(content) if "as-of" in address]
    assert page(content, "matrix/china-2019-full-text/as-of-2018").data["view"].matrix.selection.as_of


def test_styles_cover_every_mark(content: SiteContent) -> None:
    assert MARKS.keys() == set(Mark)
    style = (ROOT / "scs_kg" / "explorer" / "static" / "explorer.css").read_text("utf-8")
    assert all(f".{mark}" in style for mark in Mark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proof_leads_from_provisions_to_features_to_claims_and_back(content: SiteContent, language: str) -> None:
    built = page(content, "reading/pipl-2021-full-text/xinjiang")
    text = html(content, built, language)
    proved = [cell for cell in built.data["cells"] if cell.in_full]
    assert len(proved) > 5
    for cell in proved:
        principle = cell.explanation.principle.id
        (start,) = re.finditer(rf'<section id="{principle}">', text)
        shown = text[start.end() :].split("<section id=")[0]
        steps = re.findall(r"<section>(.*?)</section>", shown, re.DOTALL)
        assert len(steps) == len(cell.in_full)
        assert '<a href="#">' in shown
        for step, proof in zip(cell.in_full, steps, strict=True):
            assert proof.count(f'href="../pipl-2021-full-text.html#{principle}"') == len(step.clauses)
            features = re.findall(
                r'<li><a href="../../feature/([\w-]*)\.html">.*?</a>\s*<ul>(.*?)</ul>', proof, re.DOTALL
            )
            named = {feature: claims.count('href="../../source/') for feature, claims in features}
            reported = Counter(
                local_id(row_text(content.grouped("claims", "claim")[claim.iri][0], "feature")) for claim in step.claims
            )
            assert named == reported


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_page_quotes_a_claim_once_and_names_each_claim_of_a_criterion(
    content: SiteContent, language: str
) -> None:
    built = page(content, "reading/pipl-2021-full-text/rongcheng")
    text = html(content, built, language)
    quoted = re.findall(r"<q[^>]*>(.*?)</q>", text)
    assert len(quoted) == len(set(quoted)) > 5
    claims = {claim.iri for cell in built.data["cells"] for step in cell.with_claims for claim in step.claims}
    assert not [iri for iri in claims if f'href="../../{content.anchors[iri].replace("#", ".html#")}"' not in text]


def test_a_cell_without_claims_on_deciding_criteria_is_listed_with_its_supporting_ones(
    content: SiteContent,
) -> None:
    built = page(content, "reading/pipl-2021-full-text/rongcheng")
    listed = [cell for cell in built.data["cells"] if cell.is_listed]
    assert {cell.is_silent for cell in listed} == {True, False}
    text = html(content, built, "en")
    for cell in listed:
        (entry,) = re.findall(rf'<li id="{cell.explanation.principle.id}">(.*?)</li>', text, re.DOTALL)
        assert ("Shown, but does not count" in entry) is not cell.is_silent
