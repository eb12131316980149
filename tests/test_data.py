"""The claims of the survey: every finding has a row, and every claim has a source that the row of the finding names."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from scs_kg import store
from scs_kg.contribute.validate.consistency import contested_pairs
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.model.selection import last_day
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import subfolders
from scs_kg.store.merge import merge_graphs
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT

FINDINGS: Final = 1559
DUPLICATE: Final = "duplicate of a claim of the base paper"
SUPERSEDING: Final = ("supersedes", "retracts")
REASON: Final = re.compile(r"(not about a feature|too vague): .+")
NO_PLACE: Final = re.compile(
    r"^(?:the )?(?:middle|whole (?:alert|article)|part read|(?:first|second) (?:half|part)|last lines)$|^\D*\bread$"
)


def rows() -> list[dict[str, str]]:
    """Return the rows of the table of findings and their claims."""
    with (ROOT / "data" / "field-2026" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims_of(row: dict[str, str]) -> list[str]:
    """Return the IRIs of the claims made from a row."""
    return [PREFIXES["claim"] + name.removeprefix("claim:") for name in row["claims"].split()]


def claims_in(dataset: Dataset, name: str) -> set[str]:
    """Return the IRIs of the claims in a dataset of the project."""
    whole = PREFIXES["dataset"] + name
    return {claim for claim, link in store.subject_objects(dataset, SCS + "inDataset") if link == whole}


def twice(names: Iterable[str]) -> list[str]:
    """Return the values that occur more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def test_every_finding_has_a_row() -> None:
    assert [row["row"] for row in rows()] == [str(number) for number in range(1, FINDINGS + 1)]
    for row in rows():
        assert row["claims"] or REASON.fullmatch(row["reason"]), row
        assert bool(row["claims"]) == (row["reason"] in {"", DUPLICATE}), row
        assert not twice(claims_of(row))


def test_the_claims_of_the_survey_are_those_of_its_rows(field: Dataset) -> None:
    became = {claim for row in rows() if not row["reason"] for claim in claims_of(row)}
    repeated = {claim for row in rows() if row["reason"] == DUPLICATE for claim in claims_of(row)}
    assert became == claims_in(field, "field-2026")
    assert set() != repeated <= claims_in(field, "agrawal-2022")


def test_a_row_names_the_system_and_a_source_of_its_claims(field: Dataset) -> None:
    about = dict(store.subject_objects(field, SCS + "about"))
    sources = {*store.subject_objects(field, SCS + "source"), *store.subject_objects(field, SCS + "primarySource")}
    for row in rows():
        for claim in claims_of(row):
            assert about[claim] == PREFIXES["sys"] + row["system"], claim
            assert (claim, PREFIXES["src"] + row["source"]) in sources, claim


def test_the_second_coding_compares_claims_of_the_data(field: Dataset) -> None:
    with (ROOT / "data" / "second-coding.csv").open(encoding="utf-8", newline="") as file:
        codings = list(csv.DictReader(file))
    names = [coding["claim"] for coding in codings]
    assert names == sorted(set(names)) != []
    coded = {link: dict(store.subject_objects(field, SCS + link)) for link in ("feature", "finding", "mode")}
    for coding in codings:
        claim = PREFIXES["claim"] + coding["claim"].removeprefix("claim:")
        features = {PREFIXES["feat"] + name for name in (coding["feature"], *coding["further_features"].split())}
        assert agrees(coding, "feature") == (coded["feature"][claim] in features), coding
        assert agrees(coding, "finding") == (coded["finding"][claim] == SCS + coding["finding"]), coding
        assert agrees(coding, "mode") == (coded["mode"][claim] == SCS + coding["mode"]), coding
        for field_name in ("locator", "statement", "date", "confidence", "system"):
            assert not coding[f"{field_name}_agrees"] or agrees(coding, field_name) or coding["note"], coding


def agrees(coding: dict[str, str], field_name: str) -> bool:
    """Return whether the second coding agrees with the claim in a field."""
    return {"yes": True, "no": False}[coding[f"{field_name}_agrees"]]


def test_the_sixth_sample_has_60_claims_of_the_data(field: Dataset) -> None:
    with (ROOT / "data" / "claim-sample.csv").open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    names = [row["claim"] for row in sample]
    known = {claim for claim, _ in store.subject_objects(field, SCS + "statement")}
    assert names == sorted(set(names))
    assert [name for name in names if PREFIXES["claim"] + name.removeprefix("claim:") not in known] == []
    assert Counter(row["verdict"] for row in sample) == {"true": 51, "defensible": 8, "fault": 1}
    assert Counter(row["read_in"] for row in sample) == {"page": 48, "full text": 9, "saved passage": 3}


def test_each_dataset_has_a_description_and_closed_datasets_have_claims(field: Dataset) -> None:
    names = [name for name in subfolders(field, "data") if name not in {"links", "publishers"}]
    assert names == ["agrawal-2022", "contributed", "field-2026"]
    for name in names:
        assert claims_in(field, name) or name == "contributed"
        assert store.objects(field, store.NamedNode(PREFIXES["dataset"] + name), PREFIXES["skos"] + "definition")


def current(dataset: Dataset) -> dict[str, str]:
    """Return the finding of each claim that is neither superseded nor retracted, keyed by its IRI."""
    gone = {old for link in SUPERSEDING for _, old in store.subject_objects(dataset, SCS + link)}
    return {claim: finding for claim, finding in store.subject_objects(dataset, SCS + "finding") if claim not in gone}


def test_no_claim_of_the_paper_is_older_than_the_score_that_it_describes(field: Dataset) -> None:
    about, dates = dict(store.subject_objects(field, SCS + "about")), dict(store.subject_objects(field, SCS + "asOf"))
    for claim in current(field).keys() & claims_in(field, "agrawal-2022"):
        if about.get(claim) in {PREFIXES["sys"] + "fuzhou", PREFIXES["sys"] + "xiamen"}:
            assert dates[claim] >= "2018", claim


def test_a_not_reported_claim_cites_no_primary_source(field: Dataset) -> None:
    cited = dict(store.subject_objects(field, SCS + "primarySource"))
    not_found = {claim for claim, finding in current(field).items() if finding == SCS + "NotReported"}
    assert len(not_found) > 10
    assert not_found & cited.keys() == set()


def test_no_selection_by_date_restores_a_corrected_claim(field: Dataset) -> None:
    dates = dict(store.subject_objects(field, SCS + "asOf"))
    retracted = {old for _, old in store.subject_objects(field, SCS + "retracts")}
    later = {
        old
        for new, old in store.subject_objects(field, SCS + "supersedes")
        if last_day(dates.get(new, "")) > last_day(dates.get(old, ""))
    }
    assert {old for old in later if dates.get(old)} - retracted == set()
    assert len(later) > 15


def test_a_link_to_an_operator_names_a_current_claim_about_its_system(field: Dataset) -> None:
    about, findings, named = dict(store.subject_objects(field, SCS + "about")), current(field), 0
    reasons = [(row, row_text(row, "comment")) for row in query_library.rows(field, "mappings")]
    reasons += [(row, row_text(row, "result")) for row in query_library.rows(field, "links-not-found")]
    for row, reason in reasons:
        for name in re.findall(r"according to the claim ([a-z0-9-]*[a-z0-9])", reason):
            claim, named = PREFIXES["claim"] + name, named + 1
            assert findings.get(claim) == SCS + "Present", reason
            assert about[claim] == row_text(row, "subject"), reason
    assert named > 5


def test_an_address_that_stands_for_several_pages_repeats_the_text_of_no_source(field: Dataset) -> None:
    same = dict(store.subject_objects(field, SCS + "sameTextAs"))
    assert PREFIXES["src"] + "china-law-translate-2017" not in same
    assert same[PREFIXES["src"] + "zjszhb-2017"] == PREFIXES["src"] + "shanghai-regulations-full-text"


def test_every_contested_pair_is_listed_with_both_sides(field: Dataset) -> None:
    about, listed = dict(store.subject_objects(field, SCS + "about")), query_library.rows(field, "contested")
    sides = {(row_text(row, "system"), row_text(row, "present"), row_text(row, "absent")) for row in listed}
    assert sides == {
        (about[one], one, other)
        for one, other in store.subject_objects(field, SCS + "contradicts")
        if one in present(field)
    }
    assert {system for system, _ in contested_pairs(field)} == {system for system, _, _ in sides} != set()


def present(dataset: Dataset) -> set[str]:
    """Return the claims whose feature is present."""
    return {claim for claim, finding in store.subject_objects(dataset, SCS + "finding") if finding == SCS + "Present"}


def test_every_publisher_of_a_source_has_a_record(field: Dataset) -> None:
    publishers = store.subject_objects(field, PREFIXES["dcterms"] + "publisher")
    named = {name for thing, name in publishers if thing.startswith(PREFIXES["src"])}
    recorded = {name for _, name in store.subject_objects(field, PREFIXES["foaf"] + "name")}
    assert sorted(named - recorded) == []
    assert len(named) > 400


def test_no_triple_is_in_two_files_so_that_queries_need_no_second_store(field: Dataset) -> None:
    assert merge_graphs(field).repeated == frozenset()


def test_the_locator_of_a_current_claim_leads_to_a_place(field: Dataset) -> None:
    """Nobody can find "middle" or "last para read" in a source; a locator has a number, a heading or first words."""
    place = dict(store.subject_objects(field, SCS + "locator"))
    assert [(claim, place[claim]) for claim in current(field) if NO_PLACE.search(place.get(claim, ""))] == []
