"""Tests reading criteria from shapes and writing formulas as shapes."""

from pathlib import Path

import pytest
from hypothesis import given

from scs_kg.model.errors import BadFileError, EmptyInputError
from scs_kg.model.formula import AtLeast, Fact, Formula, facts
from scs_kg.model.namespaces import PREFIXES
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset
from scs_kg.store.dataset import empty_dataset
from tests.support.invented import dataset_of, formulas, hierarchies

ONE = PREFIXES["crit"] + "one"


def test_the_criteria_of_the_invented_world_are_read(judged_world: Dataset) -> None:
    def has(name: str) -> Fact:
        return Fact(PREFIXES["feat"] + name, present=True)

    read = {criterion.iri.rsplit("/", 1)[-1]: criterion for criterion in read_criteria(judged_world)}
    assert read["no-stocks"].formula == has("stocks")
    assert not read["no-stocks"].upholds
    assert read["gentle"].formula == AtLeast(2, (has("gift"), Fact(PREFIXES["feat"] + "punishment", present=False)))
    assert read["way-out"].formula == AtLeast(1, (has("appeal"), has("door")))
    assert read["not-nosy"].formula == AtLeast(2, (has("gossip"), has("ledger"), has("machine")))
    assert read["explained"].applies_if == has("machine")


@pytest.mark.no_cover
@given(formulas)
def test_a_formula_written_as_a_shape_is_read_as_an_equivalent_formula(formula: Formula) -> None:
    dataset = dataset_of({}, (), {ONE: formula})
    (read,) = read_criteria(dataset)
    assert set(facts(read.formula)) == set(facts(formula))
    assert normal(read.formula) == normal(formula)


def normal(formula: Formula) -> Formula:
    """Return an equivalent formula: no connective has only one part, and parts are sorted and without duplicates."""
    if isinstance(formula, Fact):
        return formula
    parts = sorted({normal(part) for part in formula.parts}, key=repr)
    conjunction = formula.count == len(formula.parts)
    if len(parts) == 1:
        return parts[0]
    return AtLeast(len(parts) if conjunction else formula.count, tuple(parts))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ("sh:not [ sh:property [ sh:path scs:hasFeature ; sh:hasValue feat:gift ] ]", "sh:not cannot be used"),
        ("sh:property [ sh:path scs:hasFeature ; sh:hasvalue feat:gift ]", "sh:hasvalue cannot be used"),
        ("sh:property [ sh:path scs:hasFeature ; sh:hasValue feat:gift ; sh:maxCount 3 ]", "sh:maxCount cannot be"),
        ("sh:property [ sh:path scs:hasFeature ]", "tests no feature"),
        ('sh:property [ sh:path scs:hasFeature ; sh:hasValue "gift" ]', "is not the IRI of a feature"),
        ("sh:property [ sh:path scs:feature ; sh:hasValue feat:gift ]", "sh:path must be"),
        ("sh:property [ sh:hasValue feat:gift ]", "cannot be used in this place"),
        ("sh:or ( )", "it contains an empty list"),
        ("sh:or [ ]", "it contains a malformed list"),
        ("sh:node crit:gentle", "refers to itself"),
        ("sh:node crit:nowhere", "tests nothing"),
        ("sh:targetClass scs:SocialCreditSystem ; sh:node crit:lenient", "sh:targetClass cannot be used"),
        ("sh:deactivated true ; sh:node crit:lenient", "sh:deactivated cannot be used"),
        (
            "sh:property [ sh:path scs:hasFeature ; sh:qualifiedMinCount 3 ;"
            " sh:qualifiedValueShape [ sh:in ( feat:gift feat:gift feat:cake ) ] ]",
            "requires 3 of 2 features",
        ),
        (
            "sh:property [ sh:path scs:hasFeature ; sh:qualifiedMinCount 0 ;"
            " sh:qualifiedValueShape [ sh:in ( feat:gift ) ] ]",
            "requires 0 of 1 features",
        ),
        (
            "sh:property [ sh:path scs:hasFeature ; sh:qualifiedMinCount 1 ]",
            "it needs one sh:qualifiedMinCount together",
        ),
        (
            "sh:property [ sh:path scs:hasFeature ; sh:qualifiedMinCount 1 ;"
            " sh:qualifiedValueShape [ sh:class scs:Reward ] ]",
            "sh:class cannot be used",
        ),
    ],
)
def test_a_shape_that_is_not_monotone_is_rejected_with_its_line(world: Path, shape: str, reason: str) -> None:
    from scs_kg.store import load

    path = world / "ontology" / "criteria.ttl"
    text = path.read_text("utf-8")
    start, end = text.index("  sh:and ("), text.index("crit:lenient ) .") + len("crit:lenient ) .")
    path.write_text(f"{text[:start]}  {shape} .{text[end:]}", "utf-8")
    with pytest.raises(BadFileError) as caught:
        read_criteria(load(world))
    assert reason in str(caught.value)
    assert caught.value.line == text[: text.index("crit:gentle a")].count("\n") + 1
    assert caught.value.file == str(path)


def test_two_polarities_are_rejected(world: Path) -> None:
    from scs_kg.store import load

    path = world / "ontology" / "criteria.ttl"
    path.write_text(path.read_text("utf-8").replace("scs:Violates ;", "scs:Violates , scs:Upholds ;", 1), "utf-8")
    with pytest.raises(BadFileError, match="needs one scs:polarity"):
        read_criteria(load(world))


def test_a_dataset_without_criteria_is_an_error() -> None:
    with pytest.raises(EmptyInputError, match="no criterion"):
        read_criteria(empty_dataset())


@given(hierarchies(), formulas)
def test_criteria_are_read_without_the_hierarchy(hierarchy: dict[str, frozenset[str]], formula: Formula) -> None:
    assert read_criteria(dataset_of(hierarchy, (), {ONE: formula})) == read_criteria(dataset_of({}, (), {ONE: formula}))
