"""The marks under the second coding of provisions equal the marks of an independent count on the table of codings."""

import csv
import io
import json
from dataclasses import replace

import pytest

from scs_kg.analysis.second_coding import second_coding_impact, second_coding_settings
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.principles import PrincipleCriteria, principle_criteria
from scs_kg.judging.readings import choose_reading
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import local_id
from scs_kg.render.sensitivity import rule_impact_csv, rule_impact_json
from scs_kg.store import Dataset
from tests.conftest import ROOT
from tests.support.counting import counted_by_hand

READINGS = (
    "beijing-2019-full-text",
    "china-2019-full-text",
    "china-2021-full-text",
    "eu-ai-act-2024-full-text",
    "eu-ai-act-2026-full-text",
    "gdpr-2016-full-text",
    "oecd-2019-full-text",
    "oecd-2024-full-text",
    "pipl-2021-full-text",
    "unesco-2021-full-text",
)
FROM_STRONG_TO_WEAK = {
    "basis": ("Stated", "Inferred", "Chosen"),
    "force": ("Plain", "Interpreted", "Aspirational"),
    "role": ("Deciding", "Supporting"),
}


def table() -> dict[str, dict[str, str]]:
    """Return the weakest codes of the table, keyed by the id of the provision and the field."""
    found: dict[str, dict[str, str]] = {}
    with (ROOT / "data" / "second-coding-provisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            weakest = found.setdefault(row["provision"].removeprefix("provision:"), {})
            for field, order in FROM_STRONG_TO_WEAK.items():
                weakest[field] = max(weakest.get(field, order[0]), row[field], key=order.index)
    return found


def recoded(principle: PrincipleCriteria, codes: dict[str, dict[str, str]]) -> PrincipleCriteria:
    """Return a principle with the second coder's force and role for provisions; an aspirational one decides nothing."""
    provisions = []
    for one in principle.provisions:
        row = codes[local_id(one.iri)]
        is_deciding = row["role"] == "Deciding" and row["force"] != "Aspirational"
        provisions.append(replace(one, plain=row["force"] == "Plain", deciding=is_deciding))
    return replace(principle, provisions=tuple(provisions))


@pytest.mark.slow(seconds=5)
def test_the_marks_under_the_second_coding_equal_an_independent_count(
    field: Dataset, judged_field: JudgedSelection
) -> None:
    choices, codes = [choose_reading(field, None, reading) for reading in READINGS], table()
    before = {
        (cell.principle, cell.system): cell.mark
        for choice in choices
        for cell in compare_judged(judged_field, choice).cells
    }
    after: dict[tuple[str, str], Mark] = {}
    for principle in principle_criteria(field, choices):
        again = recoded(principle, codes)
        for system, state in judged_field.state.system_states.items():
            outcomes = {test: verdict.outcome for test, verdict in state.by_test.items()}
            after[principle.principle.iri, system] = counted_by_hand(again, outcomes)
    expected = {place: (before[place], after[place]) for place in before if before[place] is not after[place]}
    found = second_coding_impact(field)
    changed = {
        (cell.principle_criteria.principle.iri, cell.system.iri): (cell.before.mark, cell.after.mark)
        for cell in found.changed
    }
    assert changed == expected
    assert len(expected) > 50
    assert found.of == len(before)
    rows = list(csv.DictReader(io.StringIO(rule_impact_csv(found))))
    assert [row["markChanges"] for row in rows].count("true") == len(expected)
    assert json.loads(rule_impact_json(found))["marksChanged"] == len(expected)


def test_only_codes_that_differ_become_changes(field: Dataset) -> None:
    settings = second_coding_settings(field)
    assert 0 < len(settings) < 3 * len(table())
    for setting in settings:
        name, _, code = setting.rpartition(".")
        key, _, value = code.partition("=")
        assert table()[name][key] == value
