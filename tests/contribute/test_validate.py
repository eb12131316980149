"""Validation: valid data has no problem, each defect is reported once with position, and owlrl confirms the facts."""

import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from scs_kg import store
from scs_kg.contribute.report import ValidationReport, validation_report
from scs_kg.contribute.validate import validate
from scs_kg.contribute.validate.consistency import (
    HAS,
    LACKS,
    MODES,
    close,
    contested_pairs,
    inconsistencies,
    stated,
)
from scs_kg.judging.evidence import derive
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.errors import EmptyInputError, EngineError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.model.problem import Problem
from scs_kg.render.problems import REPORTS
from scs_kg.store import Dataset
from scs_kg.store.dataset import add_triples, empty_dataset, remove_subjects
from tests.cli.test_bad_input import (
    ALPHA,
    CRITERIA,
    FEATURES,
    MATRIX,
    PLACES,
    RECORDS,
    SYSTEMS,
    adds,
    alters,
    becomes,
    line_of,
    loses,
)
from tests.conftest import ROOT
from tests.support.commands import run
from tests.support.invented import SYSTEM, Claims, Hierarchy, above, claims, hierarchies

LINE: Final = re.compile(r"\S+\.(ttl|rq)(:\d+)?: \S.*: \S.* \[\S+\]")
BROADER: Final = PREFIXES["skos"] + "broader"
AXIOMS: Final = PREFIXES["graph"] + "ontology/scs"

Facts = set[tuple[str, str, str]]


def lines(found: tuple[Problem, ...], world: Path) -> list[str]:
    """Return problems as they are printed, with paths relative to the project folder ``world``."""
    return [str(problem).removeprefix(f"{world}/") for problem in found]


@pytest.fixture(scope="module")
def of_project() -> ValidationReport:
    """Return the validation report of the project."""
    return validate(ROOT)


@pytest.mark.slow
def test_the_data_of_the_project_has_no_problem(of_project: ValidationReport) -> None:
    assert of_project.of("Violation", "Warning") == ()


@pytest.mark.slow(seconds=30)
def test_the_engines_report_the_same_on_the_data_of_the_project(of_project: ValidationReport) -> None:
    assert validate(ROOT, "pyshacl") == of_project


@pytest.fixture(scope="module")
def sound(shared_world: Path) -> ValidationReport:
    """Return the validation report of the invented world."""
    return validate(shared_world)


@pytest.mark.crosscheck
def test_the_engines_report_the_same_on_the_invented_world(sound: ValidationReport, shared_world: Path) -> None:
    assert validate(shared_world, "pyshacl") == sound


@pytest.mark.no_cover
def test_the_invented_world_has_no_problem(sound: ValidationReport) -> None:
    assert sound.of("Violation", "Warning") == ()


def test_every_defect_gets_one_line_with_place_node_reason_and_rule(world: Path) -> None:
    for change in (
        alters(ALPHA, '  scs:locator "p. 4" ;\n', ""),
        alters(RECORDS, "sh:targetSubjectsOf scs:operatesIn", "sh:targetSubjectsOf scs:operatesInn"),
        alters(RECORDS, "sh:path scs:partOf ;\n  sh:maxCount 1", "sh:path scs:partOf ;\n  sh:maxcount 1"),
        alters(CRITERIA, "sh:qualifiedMinCount 2", "sh:qualifiedMinCount 4"),
        adds(CRITERIA, "\ncrit:appealable sh:node crit:appealable .\n"),
        becomes(MATRIX, "# title: x\nSELECT * {}\n"),
        becomes(SYSTEMS, "# title: x\n# question: x\nSELEC * {}\n"),
    ):
        change(world)
    found = lines(validate(world).problems, world)
    assert all(LINE.fullmatch(line) for line in found)
    assert [re.sub(r": [^:].*(?= \[)", "", line, count=1) for line in found if "criteria.ttl" not in line] == [
        f"{ALPHA}:{line_of(world / ALPHA, 'claim:alpha-punishment-book-2001 a')} [integrity:StatementLocator]",
        f"{RECORDS}:{line_of(world / RECORDS, 'scs:operatesInn')} [empty-target]",
        f"{RECORDS}:{line_of(world / RECORDS, 'sh:maxcount')} [shacl-term]",
        f"{MATRIX}:1 [syntax]",
        f"{SYSTEMS}:3 [syntax]",
    ]
    for node, reason in (
        ("crit:explained", "crit:appealable refers to itself"),
        ("crit:not-nosy", "it requires 4 of 3 features"),
    ):
        place = f"{CRITERIA}:{line_of(world / CRITERIA, node + ' a')}: {node}: "
        assert [line for line in found if line.startswith(place) and reason in line], found
    assert len(found) == 7


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:stocks ; sh:maxCount 1"),
        alters(CRITERIA, "scs:Violates", "scs:Violates , scs:Upholds"),
        alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:sotcks"),
    ],
    ids=["not-monotone", "two-polarities", "undefined-feature"],
)
def test_a_defect_that_rules_and_judge_both_find_gets_one_line(change: object, world: Path) -> None:
    assert callable(change)
    change(world)
    found = [line for line in lines(validate(world).problems, world) if "FeatureUsed" not in line]
    assert len(found) == 1, found
    assert re.match(rf"{CRITERIA}:\d+: crit:no-stocks: ", found[0])


@pytest.mark.no_cover
def test_a_misspelt_term_inside_a_nested_shape_is_named_with_its_file(world: Path) -> None:
    alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:stocks ; sh:hasVlaue feat:fine")(world)
    (found,) = [line for line in lines(validate(world).problems, world) if "[shacl-term]" in line]
    assert found.startswith(CRITERIA)
    assert "sh:hasVlaue" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "target"),
    [
        ("sh:targetClass scs:Region", "sh:targetClass scs:Reigon", "scs:Reigon"),
        ("sh:targetSubjectsOf scs:partOf", "sh:targetSubjectsOf scs:partof", "scs:partof"),
    ],
)
def test_a_rule_whose_target_matches_nothing_is_a_problem(old: str, new: str, target: str, world: Path) -> None:
    alters(RECORDS, old, new)(world)
    (found,) = validate(world).problems
    assert found.rule == "empty-target"
    assert found.line == line_of(world / RECORDS, target)
    assert found.message == f"has the target {target}, which matches nothing; check its spelling"


def test_one_report_names_all_files_that_are_not_turtle(world: Path) -> None:
    for file in (ALPHA, PLACES, CRITERIA):
        adds(file, "\nthis is no Turtle\n")(world)
    found = validate(world).problems
    assert [Path(problem.file).relative_to(world).as_posix() for problem in found] == [PLACES, ALPHA, CRITERIA]
    assert {problem.rule for problem in found} == {"syntax"}
    for problem in found:
        assert problem.line == line_of(Path(problem.file), "this is no Turtle")


@pytest.mark.no_cover
def test_an_invalid_date_is_a_problem_and_logs_nothing(world: Path, caplog: pytest.LogCaptureFixture) -> None:
    alters(ALPHA, '"2001"^^xsd:gYear', '"2001-02-30"^^xsd:date')(world)
    with caplog.at_level(logging.WARNING):
        (found,) = validate(world).problems
    assert found.rule == "integrity:StatementAsOf"
    assert caplog.records == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/search-log.csv", "2006-07-01", "3006-07-01"),
        ("data/tales/beta.ttl", 'asOf "2001"', 'asOf "3001"'),
        ("data/sources.ttl", 'issued "2001"', 'issued "3001"'),
        ("data/amendments.ttl", 'dcterms:date "20', 'dcterms:date "30'),
    ],
)
def test_a_date_in_the_future_is_a_violation(
    file: str, old: str, new: str, world: Path, replace: Callable[[str, str, str], Path]
) -> None:
    replace(file, old, new)
    (found,) = [problem for problem in validate(world).problems if problem.rule == "integrity:DraftDatesShape"]
    assert found.severity == "Violation"
    assert found.message.startswith("has a date in the future, 3")
    assert found.place.removeprefix(f"{world}/").startswith(f"{file}:")


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        alters(SYSTEMS, "?system ?label", "?x ?y"),
        becomes(SYSTEMS, "# title: x\n# question: x\nASK {}\n"),
        loses(SYSTEMS),
    ],
    ids=["other-columns", "another-kind", "missing"],
)
def test_a_library_without_a_usable_matrix_query_is_a_problem(change: object, world: Path) -> None:
    assert callable(change)
    change(world)
    found = lines(validate(world).problems, world)
    assert found
    assert all("systems" in line for line in found)


@pytest.mark.slow
def test_skos_narrower_in_the_hierarchy_is_a_problem(world: Path) -> None:
    adds(FEATURES, "\nfeat:punishment skos:narrower feat:gossip .\n")(world)
    found = lines(validate(world).problems, world)
    assert len(found) == 1, found
    assert found[0].startswith(f"{FEATURES}:{line_of(world / FEATURES, 'skos:narrower')}")


def test_validation_without_rules_or_files_is_an_error(world: Path) -> None:
    for lost in ("ontology/integrity", "ontology/style.ttl", "data"):
        loses(lost)(world)
        with pytest.raises(EmptyInputError):
            validate(world)


@pytest.mark.slow
def test_the_command_prints_the_problems_and_counts_them(world: Path) -> None:
    alters(ALPHA, '  scs:locator "p. 4" ;\n', "")(world)
    ran = run("validate", "--root", str(world))
    assert ran.returncode == 1
    assert ran.stdout.decode() == REPORTS["text"](validate(world))
    assert "1 error in " in ran.stdout.decode()
    assert ran.stderr == b""


@pytest.mark.slow
def test_the_command_reports_contested_pairs_as_notes(sound: ValidationReport, shared_world: Path) -> None:
    ran = run("validate", "--root", str(shared_world))
    assert (ran.returncode, ran.stdout.decode(), ran.stderr) == (0, REPORTS["text"](sound), b"")
    assert ran.stdout.decode().splitlines()[-1] == f"2 notes in {len(sound.files)} files"


# The fast path and owlrl

OPPOSITE = {HAS: LACKS, LACKS: HAS}


def derived(dataset: Dataset) -> Facts:
    """Return the facts that the queries of the library derive."""
    return {
        (system, link, feature) for link in (HAS, LACKS) for system, feature in store.subject_objects(dataset, link)
    }


def known_by_owlrl(dataset: Dataset) -> tuple[Facts, list[str]]:
    """Return the facts that owlrl derives from uncontested claims of each mode, unless the other mode contradicts them.

    The second result is the messages of owlrl about these claims.
    """
    rest = empty_dataset()
    rest.quads.extend(dataset.quads)
    remove_subjects(rest, {claim for claim, _ in store.subject_objects(dataset, SCS + "contradicts")})
    known: Facts = set()
    messages: list[str] = []
    for mode, other in (MODES, MODES[::-1]):
        sure, found = close(dataset, stated(rest, mode))
        denied, _ = close(dataset, stated(dataset, other))
        known |= {fact for fact in sure if (fact[0], OPPOSITE[fact[1]], fact[2]) not in denied}
        messages += found
    return known, messages


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["judged", "judged_world"])
def test_owlrl_derives_from_the_data_what_the_queries_derive(name: str, request: pytest.FixtureRequest) -> None:
    dataset = request.getfixturevalue(name)
    known, messages = known_by_owlrl(dataset)
    assert known == derived(dataset)
    assert known - stated(dataset)
    assert messages == []


def test_validation_lists_every_file_and_counts_problems_by_severity(
    sound: ValidationReport, shared_world: Path
) -> None:
    assert dict(sound.counts) == {"Violation": 0, "Warning": 0, "Info": 2}
    assert sound.conforms
    expected = {
        str(p) for ending in ("csv", "rq", "ttl") for p in shared_world.rglob(f"*.{ending}") if "tests" not in p.parts
    }
    assert set(sound.files) == expected
    assert sound.rules == {"contradiction": "Claims about a system do not contradict each other."}


def test_a_report_includes_the_file_of_every_problem() -> None:
    elsewhere = Problem("b.ttl", None, "file", "is broken", "syntax")
    report = validation_report(None, ["a.ttl"], [elsewhere])
    assert report.files == ("a.ttl", "b.ttl")
    assert report.violations == (elsewhere,)
    assert not report.conforms
    assert report.rules == {"syntax": "syntax"}


def test_contested_pairs_are_listed_as_information(sound: ValidationReport, shared_world: Path) -> None:
    place = f"{PLACES}:{line_of(shared_world / PLACES, 'sys:gamma a')}: sys:gamma: "
    assert lines(sound.of("Info"), shared_world) == [
        f"{place}both has and lacks feat:{feature}: claims contradict each other [contradiction]"
        for feature in ("punishment", "stocks")
    ]


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_contested_pair_is_not_a_problem(judged_world: Dataset) -> None:
    gamma, stocks = PREFIXES["sys"] + "gamma", PREFIXES["feat"] + "stocks"
    assert (gamma, stocks) in set(contested_pairs(judged_world))
    closed, messages = close(judged_world, stated(judged_world))
    assert {(gamma, HAS, stocks), (gamma, LACKS, stocks)} <= closed
    assert messages
    assert {problem.severity for problem in inconsistencies(judged_world)} == {"Info"}


def test_a_contradiction_between_uncontested_claims_is_a_problem(shared_world: Path) -> None:
    stated_only = store.load(shared_world)
    assert list(contested_pairs(stated_only)) == []
    place = f"{PLACES}:{line_of(shared_world / PLACES, 'sys:gamma a')}: sys:gamma: "
    assert lines(tuple(inconsistencies(stated_only)), shared_world) == [
        f"{place}both has and lacks feat:{feature}, but no claims contest it; check the queries [owlrl]"
        for feature in ("punishment", "stocks")
    ]


def test_a_contested_pair_hides_no_other_inconsistency(world: Path) -> None:
    adds(FEATURES, "\nfeat:cake <http://www.w3.org/2002/07/owl#differentFrom> feat:cake .\n")(world)
    dataset = store.load(world)
    derive(dataset)
    assert list(contested_pairs(dataset))
    assert [p.rule for p in inconsistencies(dataset) if p.severity == "Violation"] == ["owlrl"]


def test_a_closure_without_facts_is_an_error(world: Path) -> None:
    dataset = store.load(world)
    remove_subjects(dataset, {claim for claim, _ in store.subject_objects(dataset, SCS + "finding")})
    with pytest.raises(EngineError, match="owlrl derived no fact"):
        inconsistencies(dataset)


@cache
def axioms() -> tuple[Quad, ...]:
    """Return the ontology of the project as the quads of one graph."""
    quads = Store()
    quads.load(path=str(ROOT / "ontology" / "scs.ttl"), format=RdfFormat.TURTLE, to_graph=NamedNode(AXIOMS))
    return tuple(quads)


claims_of_one_mode = claims.map(lambda reports: tuple(report._replace(mode=Mode.DE_FACTO) for report in reports))


def claimed(hierarchy: Hierarchy, reported: Claims) -> Dataset:
    """Return a dataset of the ontology, a hierarchy of features and claims about one system, with derived triples."""
    dataset = Dataset(ROOT, Store(), {AXIOMS: ROOT / "ontology" / "scs.ttl"})
    dataset.quads.extend(axioms())
    links = [(feature, BROADER, general) for feature, generals in hierarchy.items() for general in generals]
    for number, (feature, finding, mode) in enumerate(reported):
        claim = f"{PREFIXES['claim']}c-{number}"
        links += [(claim, RDF + "type", SCS + "Claim"), (claim, SCS + "about", SYSTEM)]
        given = (("feature", feature), ("finding", SCS + finding), ("mode", SCS + mode))
        links += [(claim, SCS + name, value) for name, value in given]
    add_triples(dataset, (store.Triple(*map(NamedNode, link)) for link in links), AXIOMS)
    derive(dataset)
    return dataset


@pytest.mark.crosscheck
@pytest.mark.no_cover
@settings(max_examples=15, deadline=None)
@given(hierarchies(), claims)
def test_owlrl_derives_what_the_queries_derive(hierarchy: Hierarchy, reported: Claims) -> None:
    dataset = claimed(hierarchy, reported)
    known, messages = known_by_owlrl(dataset)
    assert known == derived(dataset)
    assert messages == []


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(hierarchies(), claims_of_one_mode)
def test_owlrl_finds_contradictions_exactly_if_claims_contradict_each_other(
    hierarchy: Hierarchy, reported: Claims
) -> None:
    dataset = claimed(hierarchy, reported)
    closed, _ = close(dataset, stated(dataset))
    both = {feature for _, link, feature in closed if link == HAS and (SYSTEM, LACKS, feature) in closed}
    assert both == {feature for _, feature in contested_pairs(dataset)}
    present = {general for f, found, _ in reported if found is Finding.PRESENT for general in above(hierarchy, f)}
    absent = {f for f in hierarchy for g, found, _ in reported if found is Finding.ABSENT and g in above(hierarchy, f)}
    assert both == present & absent
    assert not closed or not [problem for problem in inconsistencies(dataset) if problem.severity == "Violation"]
