"""Messages on cells and fields give no advice on Turtle, in English and in Chinese."""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from scs_kg import store
from scs_kg.contribute.check.field_words import field_names, in_field_words
from scs_kg.contribute.read.fields import all_fields
from scs_kg.model.namespaces import PREFIXES, SH
from scs_kg.store import Dataset
from tests.conftest import ROOT

OF_TURTLE: Final = re.compile(
    r"(?<![\w/])(scs|skos|dcterms|rdfs|rdf|sh|xsd):\w|@en|@zh|\.ttl|the types? \w+:|(ontology|data)/|\^\^|在该处| 已"
    r"|angle bracket|尖括号"
)
OF_THE_PROJECT: Final = frozenset({PREFIXES["style"] + "ChineseLabel", PREFIXES["integrity"] + "SystemRelatedMatch"})
"""Rules that apply to the files of the project only."""


@pytest.fixture(scope="module")
def rules() -> Dataset:
    return store.load_ontology(ROOT)


@pytest.fixture(scope="module")
def names(rules: Dataset) -> Mapping[str, str]:
    return field_names(all_fields(rules))


def test_no_message_of_a_rule_keeps_words_of_turtle(rules: Dataset, names: Mapping[str, str]) -> None:
    messages = [
        message
        for predicate in (SH + "message", SH + "description")
        for rule, message in store.subject_objects(rules, predicate)
        if rule not in OF_THE_PROJECT
    ]
    assert sum(bool(OF_TURTLE.search(message)) for message in messages) > 100
    assert [m for m in messages if OF_TURTLE.search(in_field_words(m, names))] == []


@pytest.mark.parametrize(
    ("message", "reworded"),
    [
        ("needs one finding: scs:Present or scs:Absent", "needs one finding: Present or Absent"),
        ("has an unknown system (scs:about)", "has an unknown system (system)"),
        ("write one sentence, with @en or @zh-Hans", "write one sentence"),
        ("needs a region: name one from data/regions.ttl", "needs a region: name a known one"),
        ("is described in data/sources.ttl: add its record there", "is described: add its record to your file"),
        ('for example "2019-06"^^xsd:gYearMonth', 'for example "2019-06"'),
        ("须恰好指明一个 data/systems.ttl 中已描述的体系", "须恰好指明一个已描述的体系"),
        ("请用 ontology/values.ttl 中的一项，并标注 @en", "请用已有的一项"),
        ("主张须具有类型 scs:Claim，且只含主张可有的属性", "主张须只含主张可有的字段"),
        ("see https://w3id.org/scs-kg/page and 12:30", "see https://w3id.org/scs-kg/page and 12:30"),
    ],
)
def test_a_message_is_reworded(message: str, reworded: str, names: Mapping[str, str]) -> None:
    assert in_field_words(message, names) == reworded
