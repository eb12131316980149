"""Answer pages: their figures and lists are those of the library queries, on the real data and the invented world."""

from collections import Counter
from pathlib import Path

import pytest

from scs_kg.explorer import answers
from scs_kg.explorer.answers import QUESTIONS, Question
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import words
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import addresses, page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import EARL, PREFIXES
from scs_kg.store import query_library
from scs_kg.store.query_library import row_text
from tests.conftest import SYSTEM_COUNT


@pytest.fixture(scope="module")
def content(real_content: SiteContent) -> SiteContent:
    """Return the content of the pages of the real data."""
    return real_content


@pytest.mark.slow
def test_there_are_ten_questions_with_a_page_each_and_words_in_every_language(content: SiteContent) -> None:
    assert len(QUESTIONS) == len({question.id for question in QUESTIONS}) == 10
    assert {f"question/{question.id}" for question in QUESTIONS} <= set(addresses(content))
    for language in LANGUAGES:
        assert set(words(language)["question"]) == {question.id for question in QUESTIONS}
        assert {c for question in QUESTIONS for c in question.columns} <= set(words(language)["answer"]["columns"])


@pytest.mark.parametrize("criterion", sorted({name for question in QUESTIONS for name in question.criteria}))
def test_the_systems_of_a_criterion_are_those_of_the_query(criterion: str, content: SiteContent) -> None:
    found = answers.judged_systems(content, PREFIXES["crit"] + criterion)
    expected: dict[str, set[str]] = {}
    for row in query_library.rows(content.edition().dataset, "verdicts"):
        if row_text(row, "criterion") == PREFIXES["crit"] + criterion:
            expected.setdefault(row_text(row, "outcome").removeprefix(EARL), set()).add(row_text(row, "system"))
    assert set(found.open) == expected.pop("cantTell", set())
    assert {outcome: set(systems) for outcome, systems in found.decided.items()} == expected
    assert found.total == len(found.open) + sum(map(len, found.decided.values())) > 10
    for systems in found.decided.values():
        for system, claims in systems.items():
            assert claims
            assert {row_text(row, "system") for row in claims} == {system}


def test_the_decided_cells_are_those_of_the_matrix(content: SiteContent) -> None:
    (asked,) = (question for question in QUESTIONS if question.reading)
    shown = page(content, f"question/{asked.id}").data["view"]
    found = Counter(
        mark for marks in answers.decided_cells(shown).values() for mark, cells in marks.items() for _ in cells
    )
    every = Counter(cell.mark for cell in shown.matrix.cells)
    assert found == Counter({mark: every[mark] for mark in answers.DECIDED if every[mark]})
    assert every[Mark.NOT_KNOWN]


def test_reliability_counts_cells_once(content: SiteContent) -> None:
    found = answers.reliability(content)
    assert 0 < found.doubtful < found.single < found.decided
    assert 0 < found.press < found.decided
    rows = query_library.rows(content.edition().dataset, "single-source-cells")
    assert found.single == len(
        {tuple(row_text(row, name) for name in ("reading", "principle", "system")) for row in rows}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_an_answer_shows_every_row_and_every_decided_system(
    question: Question, language: str, content: SiteContent
) -> None:
    built = page(content, f"question/{question.id}")
    shown = html(content, built, language)
    assert str(words(language)["question"][question.id]["title"]) in shown.replace("&#39;", "'")
    for one in built.data["criteria"]:
        for system in {*one.open, *(name for systems in one.decided.values() for name in systems)}:
            assert f"system/{system.rsplit('/', 1)[1]}.html" in shown
    if question.query:
        assert built.data["rows"]
        assert shown.count("<tr>") == len(built.data["rows"]) + 1


def test_the_home_page_begins_with_the_answers(content: SiteContent) -> None:
    shown = html(content, page(content, "index"), "en")
    assert [f"question/{question.id}.html" in shown for question in QUESTIONS] == [True] * len(QUESTIONS)
    failed = answers.judged_systems(content, PREFIXES["crit"] + "no-public-shaming").decided["failed"]
    assert f"Known not to meet this criterion: {len(failed)} of {SYSTEM_COUNT} systems" in shown


def test_a_project_without_the_criteria_has_the_pages(shared_world: Path) -> None:
    content = load_content(shared_world)
    for question in QUESTIONS:
        built = page(content, f"question/{question.id}")
        assert built.data["criteria"] == []
        assert "<h1>" in html(content, built, "en")


def test_an_unknown_question_is_an_error(content: SiteContent) -> None:
    for address in ("question/appeals", "question", "questions/appeal", "about/appeal"):
        with pytest.raises(UnknownNameError, match=address):
            page(content, address)
