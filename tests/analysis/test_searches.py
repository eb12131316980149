"""Summaries of the searches for a criterion and a system, as a sentence in both languages and as JSON."""

import pytest

from scs_kg.analysis.searches import NO_SEARCH, SearchSummary, search_summaries, summarized
from scs_kg.model.namespaces import PREFIXES
from scs_kg.render.labels import localized
from scs_kg.render.language import messages_in
from scs_kg.render.searches import search_json, search_sentence
from scs_kg.store import Dataset, query_library

WAY_OUT = PREFIXES["crit"] + "way-out"
SENTENCES = (
    ("en", "alpha", "Searched 1 time, last on 2006-07-01; outcome, also for other criteria: found 1."),
    ("zh", "alpha", "检索 1 次，最近一次为 2006-07-01；结果（含同次检索的其他判据）：有新发现 1 次。"),
    ("en", "beta", "Searched 1 time, last on 2006-07-02; outcome, also for other criteria: nothing new 1."),
    ("en", "gamma", "No search for evidence on this criterion is recorded."),
    ("zh", "gamma", "没有为该判据检索证据的记录。"),
)


def summary(dataset: Dataset, system: str) -> SearchSummary:
    """Return the searches for one criterion and a system of the invented world."""
    return search_summaries(dataset, PREFIXES["sys"] + system).get(WAY_OUT, NO_SEARCH)


@pytest.mark.parametrize(("language", "system", "sentence"), SENTENCES)
def test_a_sentence_has_the_number_the_last_day_and_the_outcomes(
    judged_world: Dataset, language: str, system: str, sentence: str
) -> None:
    with messages_in(language):
        assert search_sentence(localized(judged_world, summary(judged_world, system))) == sentence


def test_json_has_the_number_the_documents_the_last_day_and_the_outcomes(judged_world: Dataset) -> None:
    assert search_json(summary(judged_world, "alpha")) == {
        "number": 1,
        "documentsRead": 4,
        "last": "2006-07-01",
        "outcomes": [{"outcome": "Found", "searches": 1}],
    }
    assert search_json(None) is None


def test_several_searches_are_counted_by_outcome_and_the_last_day_is_the_latest(judged_world: Dataset) -> None:
    found = summarized(query_library.rows(judged_world, "searches"))
    assert (found.searches, found.last) == (4, "2006-07-02")
    assert [(one.outcome.id, one.searches) for one in found.outcomes] == [
        ("Found", 2),
        ("NotFound", 1),
        ("NothingNew", 1),
    ]
    assert "Searched 4 times, last on 2006-07-02; outcomes, also for other criteria: Found 2, " in search_sentence(
        found
    )
