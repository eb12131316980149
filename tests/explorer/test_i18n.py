"""Tests sentences in both languages: applicability of guidelines, agreement with published rows, editions, labels."""

import re
from dataclasses import replace

import pytest

from scs_kg.analysis.published_table import Relation
from scs_kg.explorer.citation import compact_selection
from scs_kg.explorer.comparison_pages import published_comparison
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import (
    agreement_sentence,
    applicability_sentence,
    definition,
    edition_label,
    label,
    selection_sentence,
)
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.model.namespaces import BASE
from scs_kg.model.selection import Selection
from scs_kg.render import sentences
from tests.conftest import SYSTEM_COUNT

APPLICABILITY = {
    ("agrawal-2022", "en"): "Soft law for anyone in China.",
    ("beijing-2019-full-text", "en"): "Soft law.",
    ("beijing-2019-full-text", "zh-Hans"): "软法。",
}
NAMED = ("system", "feature", "group", "criterion", "guideline", "reading", "dataset", "table", "ontology", "integrity")


@pytest.fixture(scope="module")
def content(real_content: SiteContent) -> SiteContent:
    """Return the data of all pages."""
    return real_content


@pytest.mark.parametrize(("reading", "language"), APPLICABILITY)
def test_the_applicability_of_a_guideline_is_in_the_language_of_the_page(
    content: SiteContent, reading: str, language: str
) -> None:
    assert (
        applicability_sentence(content, view(content, reading).matrix.applicability, language)
        == APPLICABILITY[reading, language]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_systems_elsewhere_are_counted(content: SiteContent, language: str) -> None:
    said = applicability_sentence(content, view(content, "eu-ai-act-2024-full-text").matrix.applicability, language)
    assert "2025-02-02" in said
    assert (
        f"{SYSTEM_COUNT - 1} of the systems operate elsewhere"
        if language == "en"
        else f"其中 {SYSTEM_COUNT - 1} 个体系在别处运行"
    ) in said
    assert re.search("[A-Za-z]{3}", said) is None or language == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agreement_sentence_fits_the_relation(content: SiteContent, language: str) -> None:
    found = published_comparison(view(content, "agrawal-2022"))
    assert found
    for row in found.rows:
        said = agreement_sentence(content, row, found.systems, language)
        assert said
        if language == "en":
            assert said == row.reason
        assert row.relation is not Relation.CONSISTENT or str(len(row.placements)) in said


def test_differing_cells_are_named(content: SiteContent) -> None:
    found = published_comparison(view(content, "agrawal-2022", "as-of-2018"))
    assert found
    differing = [row for row in found.rows if row.relation is Relation.DIFFERENT and len(row.placements) == 1]
    assert differing
    for row in differing:
        assert re.search(r"为[√×]|为空白", agreement_sentence(content, row, found.systems, "zh-Hans"))


def test_an_edition_is_labelled_by_its_claims(content: SiteContent) -> None:
    assert [edition_label(content, name, "zh-Hans") for name in ("all", "as-of-2018", "agrawal-2022", "de-facto")] == [
        "全部主张",
        "主张截至 2018",
        "数据集“基础论文的主张”",
        "关于实践的主张",
    ]


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thing_of_the_project_has_label_and_definition_in_both_languages(
    content: SiteContent, kind: str, language: str
) -> None:
    things = [iri for iri in content.names if re.match(rf"{BASE}{kind}[/#]", iri)]
    assert things
    for iri in things:
        for said, spoken in (label(content, iri, language), definition(content, iri, language)):
            assert said, iri
            assert spoken == language.lower(), iri
            assert bool(re.search("[一-鿿]", said)) == (language == "zh-Hans"), iri


def test_a_compact_selection_has_only_restrictions() -> None:
    assert compact_selection(Selection()) == {}
    assert compact_selection(Selection("2018", datasets=("a",))) == {"asOf": "2018", "datasets": ["a"]}


@pytest.mark.parametrize(
    ("selection", "chinese"),
    [
        (Selection(), "计入的主张：全部。"),
        (Selection(datasets=("agrawal-2022",)), "计入的主张：来自数据集 “基础论文的主张”。"),
        (
            Selection("2018", ("a", "b"), ("d", "e"), "medium", "de-jure", ("established",), ("xiamen",), ("local",)),
            "计入的主张：来自数据集 “d”或“e”、所述时间截至 2018、不含来源 a、b、仅限关于现行规定的主张、"
            "可信度不低于中；"
            "体系类型：地方；体系：xiamen；不对假定或反事实的单元格作出结论。",
        ),
    ],
)
def test_the_selection_sentence_is_in_the_language_of_the_page(
    content: SiteContent, selection: Selection, chinese: str
) -> None:
    assert selection_sentence(content, selection, "zh-Hans") == chinese


def test_a_dataset_is_named_in_the_selection_sentence_and_as_an_edition(content: SiteContent) -> None:
    selection = Selection("2018", datasets=("agrawal-2022",))
    named = sentences.selection_sentence(replace(selection, datasets=("“Claims of the base paper”",)))
    assert selection_sentence(content, selection, "en") == named
    assert edition_label(content, "agrawal-2022", "en") == "dataset “Claims of the base paper”"


IDS = re.compile(r"(?<![\w/.-])(agrawal-2022|field-2026|contributed)(?![\w-])")
SHOWN = ("index", "matrix/agrawal-2022", "matrix/china-2019-full-text/agrawal-2022", "reading/agrawal-2022/xiamen")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [*SHOWN, "own-reading/agrawal-2022", "beside/agrawal-2022/china-2019-full-text"])
def test_a_reader_sees_the_name_of_a_dataset_and_not_its_id(content: SiteContent, address: str, language: str) -> None:
    text = re.sub(r"(?s)<(script|code|pre|footer).*?</\1>", "", html(content, page(content, address), language))
    assert not IDS.findall(re.sub(r"<[^>]*>", " ", text))
