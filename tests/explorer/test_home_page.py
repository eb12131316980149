"""The figures of the home page are those of the data, and its sentences are in both languages."""

import re
from collections import Counter

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.home_page import Summary, home
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import definition, words
from scs_kg.explorer.matrix_pages import view
from scs_kg.explorer.router import page
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import SCS
from scs_kg.store.query_library import row_text


@pytest.fixture(scope="module")
def summary(real_content: SiteContent) -> Summary:
    """Return the summary of the real data."""
    found: Summary = home(real_content, "").data["summary"]
    return found


def test_the_summary_counts_the_cells_of_every_reading(real_content: SiteContent, summary: Summary) -> None:
    views = [view(real_content, choice.reading.id) for choice in real_content.choices.values()]
    assert summary.marks == Counter(cell.mark for one in views for cell in one.matrix.cells)
    assert summary.cells == sum(len(one.matrix.principles) * len(one.matrix.systems) for one in views)
    asked = summary.cells - summary.marks[Mark.NOT_ASKED]
    assert summary.percent_not_known == round(100 * summary.marks[Mark.NOT_KNOWN] / asked)
    assert summary.counts["readings"] == len(views)


def test_every_system_has_one_kind(real_content: SiteContent, summary: Summary) -> None:
    systems = {row_text(row, "system") for row in real_content.rows["systems"]}
    assert sum(summary.kinds.values()) == summary.counts["systems"] == len(systems)


def test_the_findings_count_every_system_once(summary: Summary) -> None:
    assert {question.id for question, _ in summary.findings} == {"appeal", "shaming", "relatives"}
    for _, judged in summary.findings:
        assert len(judged.open) + sum(map(len, judged.decided.values())) == judged.total


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_first_screen_answers_four_questions_before_the_list_of_questions(
    real_content: SiteContent, summary: Summary, language: str
) -> None:
    shown, of = html(real_content, home(real_content, ""), language), words(language)
    places = [shown.index(of["home"][part]) for part in ("what", "compared", "found", "unknown", "picture")]
    places.append(shown.index(of["title"]["questions"] + "</a></h2>"))
    assert places == sorted(places)
    assert of["home"]["unknown_text"].format(percent=summary.percent_not_known) in shown
    assert definition(real_content, SCS + "SocialCreditSystem", language)[0] in shown
    counts = {name: f"{count:,}" for name, count in summary.counts.items()}
    assert of["home"]["compared_text"].format(**counts) in shown


@pytest.mark.parametrize("address", ["index", "matrix/pipl-2021-full-text", "question/how-sure", "system/xiamen"])
def test_counts_have_the_same_digit_grouping_everywhere(real_content: SiteContent, address: str) -> None:
    shown = html(real_content, page(real_content, address), "en")
    text = re.sub(r"<(script|a|h1|h2|h3|q|cite|dd)\b.*?</\1>|<[^>]*>|\d{4}-\d\d(-\d\d)?", " ", shown, flags=re.DOTALL)
    ungrouped = {int(number) for number in re.findall(r"(?<![\d,.])\d{4,}(?![\d,])", text)}
    assert all(1900 < number < 2100 for number in ungrouped)  # years
    if address == "index":
        assert re.search(r"\d,\d{3} claims", text)
