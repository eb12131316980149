"""The message of a rule with few allowed values lists them, because authors of YAML do not read the ontology."""

import pytest

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.store import Dataset, NamedNode
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def data() -> Dataset:
    return store.load_ontology(ROOT)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("integrity:SourceKind", "SourceKind"),
        ("integrity:SourceVerification", "Verification"),
        ("style:ProvisionBasis", "Basis"),
        ("style:ProvisionForce", "Force"),
        ("style:ProvisionRole", "Role"),
    ],
)
def test_message_names_each_value(data: Dataset, rule: str, name: str) -> None:
    prefix, local = rule.split(":")
    (message,) = (store.text(term) for term in store.objects(data, NamedNode(PREFIXES[prefix] + local), SH + "message"))
    values = [curie(store.text(term)) for term in store.subjects(data, RDF + "type", SCS + name)]
    assert len(values) > 1
    assert [value for value in values if value not in message] == []
