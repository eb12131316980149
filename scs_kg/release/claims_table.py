"""The table of claims, with every property of a claim."""

from collections.abc import Iterable
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.release.tables import SKOS, Column, Tabular, ids, stated
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.dataset import instances

COLUMNS: Final = (
    ids("claim", "claim", SCS + "Claim"),
    ids("dataset", "dataset", SCS + "inDataset", required=False),
    ids("system", "sys", SCS + "about"),
    ids("feature", "feat", SCS + "feature"),
    ids("finding", "scs", SCS + "finding"),
    ids("mode", "scs", SCS + "mode"),
    Column("statement", SCS + "statement", language="en"),
    ids("source", "src", SCS + "source"),
    ids("primarySource", "src", SCS + "primarySource", many=True, required=False),
    Column("locator", SCS + "locator"),
    Column("asOf", SCS + "asOf", required=False),
    ids("confidence", "scs", SCS + "confidence", required=False),
    ids("trigger", "feat", SCS + "trigger", many=True, required=False),
    ids("recipient", "group", SCS + "recipient", many=True, required=False),
    Column("minimum", SCS + "minimum", kind="decimal", required=False),
    Column("maximum", SCS + "maximum", kind="decimal", required=False),
    Column("unit", SCS + "unit", required=False, language="en"),
    Column("approximate", SCS + "approximate", kind="boolean", required=False),
    Column("note", SKOS + "editorialNote", required=False, language="en"),
    ids("supersedes", "claim", SCS + "supersedes", many=True, required=False),
    ids("departsFrom", "claim", SCS + "departsFrom", many=True, required=False),
)
DERIVED: Final = (
    Column("valid", "", kind="boolean", note="Whether no later claim supersedes or retracts the claim."),
    Column("contested", "", kind="boolean", note="Whether another valid claim contradicts the claim."),
)


def claims_table(dataset: Dataset) -> Tabular:
    """Return the claims of a judged dataset as a table."""
    valid = {claim for claim, _ in store.subject_objects(dataset, SCS + "bearsOn")}
    contested = {claim for claim, _ in store.subject_objects(dataset, SCS + "contradicts")}
    rows = tuple(
        (*_stated(dataset, claim), str(claim.value in valid).lower(), str(claim.value in contested).lower())
        for claim in sorted(instances(dataset, SCS + "Claim"), key=lambda claim: claim.value)
    )
    refers = {"system": "systems", "feature": "features", "source": "sources"}
    about, columns = PREFIXES["claim"] + "{claim}", (*COLUMNS, *DERIVED)
    return Tabular("claims", "Claims of sources on the systems", about, ("claim",), columns, rows, refers)


def _stated(dataset: Dataset, claim: NamedNode) -> Iterable[str]:
    """Yield the value of each column for a claim."""
    yield local_id(claim.value)
    for column in COLUMNS[1:]:
        yield " ".join(sorted(stated(dataset, claim.value, column)))
