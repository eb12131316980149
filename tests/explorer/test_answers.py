"""The figures and lists of answer pages equal those of the library queries, on the real data and the invented world."""

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
def test_each_of_ten_questions_has_a_page_with_words_in_every_language(content: SiteContent) -> None:
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


def test_a_ban_covers_the_systems_that_do_what_it_forbids(content: SiteContent) -> None:
    shown = page(content, "question/eu-bans").data["view"]
    found = answers.bans(shown)
    assert [ban.principle for ban in found] == [principle.iri for principle in shown.matrix.principles]
    every = Counter(cell.mark for cell in shown.matrix.cells)
    assert sum(len(ban.covered) for ban in found) == every[Mark.NOT_MET] + every[Mark.NOT_MET_INTERPRETED] > 0
    assert sum(len(ban.not_covered) for ban in found) == every[Mark.MET] > 0
    assert sum(len(ban.outside) for ban in found) == every[Mark.INAPPLICABLE]
    assert sum(ban.open for ban in found) == every[Mark.NOT_KNOWN] + every[Mark.PARTLY_MET] > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_bans_gives_an_answer_for_each_ban_before_the_table(language: str, content: SiteContent) -> None:
    built = page(content, "question/eu-bans")
    shown, of = html(content, built, language), words(language)["answer"]
    places = [shown.index("<ul>"), shown.index(of["ban_signs"]), shown.index("<details"), shown.index("<section")]
    assert places == sorted(places)
    summary = shown[places[0] : places[1]]
    for ban in built.data["bans"]:
        assert all(f"system/{cell.system.rsplit('/', 1)[1]}.html" in summary for cell in ban.covered)
        assert of["not_covered"].format(count=len(ban.not_covered)) in summary
        assert of["ban_open"].format(count=ban.open) in summary
    assert "2026" in words(language)["question"]["eu-bans"]["lead"]
    assert str(words(language)["text"]["legend"]) in shown[places[2] : places[3]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_on_certainty_and_on_sources_lead_to_the_figures_and_to_names(
    language: str, content: SiteContent
) -> None:
    certain = html(content, page(content, "question/how-sure"), language)
    for query in ("single-source-cells", "press-cells", "low-confidence-cells"):
        assert f"query.html?question={query}" in certain
        assert query in query_library.read_all(content.source.root)
    assert f'guide/codebook.html{"#reliability" if language == "en" else ""}"' in certain
    built = page(content, "question/who-says-so")
    said = html(content, built, language)
    counts = [count for _, count in built.data["sources"]]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == answers.MOST_SOURCES
    assert all(f"source/{source.rsplit('/', 1)[1]}.html" in said for source, _ in built.data["sources"])
    assert "sources.html" in said
    assert "publishers.html" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_answer_names_each_of_several_criteria(language: str, content: SiteContent) -> None:
    (asked, every), *_ = answers.short_answers(content)
    assert asked.id == "appeal"
    assert [one.criterion for one in every] == [PREFIXES["crit"] + name for name in asked.criteria]
    for address in ("index", "questions"):
        shown = html(content, page(content, address), language)
        start = shown.index('<dl class="questions">')
        answer = shown[start : shown.index("question/shaming", start)]
        assert answer.count("<dd>") == len(every) == 2


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


def test_a_project_without_the_criteria_of_a_question_still_has_its_page(shared_world: Path) -> None:
    content = load_content(shared_world)
    for question in QUESTIONS:
        built = page(content, f"question/{question.id}")
        assert built.data["criteria"] == []
        assert "<h1>" in html(content, built, "en")


def test_an_unknown_question_is_an_error(content: SiteContent) -> None:
    for address in ("question/appeals", "question", "questions/appeal", "about/appeal"):
        with pytest.raises(UnknownNameError, match=address):
            page(content, address)
