"""Measures how far coders agree: Krippendorff's alpha for nominal codes.

``data/second-coding.csv`` has the codes of a second coder for claims. The codes of the first coder are read from the
graph, so they include all corrections of claims. ``data/second-coding-provisions.csv`` has the codes of provisions, of
one or more coders. Several coders are compared with each other; a single coder is compared with the graph. Alpha is 1
for perfect agreement and 0 for agreement by chance (K. Krippendorff, Content Analysis, 4th edition 2018, chapter 12).
Alpha is undefined if all codes are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scs_kg import store
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.errors import BadFileError
from scs_kg.model.extras import optional_libraries
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.csv_table import table_rows

CLAIM_CODINGS: Final = "data/second-coding.csv"
PROVISION_CODINGS: Final = "data/second-coding-provisions.csv"
ALL: Final = "all"
"""The value of ``kind`` in rows that count the units of all kinds."""
CODED: Final = ("finding", "mode")
JUDGED: Final = ("locator", "statement", "date", "confidence", "system")
"""Fields of a claim for which the second coder only says whether the code is right."""
PROVISION_FIELDS: Final = ("basis", "force", "role")
CLAIM_COLUMNS: Final = (
    "claim",
    "coder",
    "feature",
    "further_features",
    *CODED,
    "locator",
    "statement",
    *(f"{field}_agrees" for field in ("feature", *CODED, *JUDGED)),
    "note",
)
PROVISION_COLUMNS: Final = ("provision", "coder", *PROVISION_FIELDS, "reason")
JUDGEMENTS: Final = ("yes", "no", "")

Place = tuple[Path, int]
"""The file and the line of a coding."""
Codes = tuple[str, ...]
"""The codes of all coders for one unit; there are at least two codes."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of coders in one field, for units of one kind; all codes of an ``agreeing`` unit are the same.

    ``alpha`` is None if it is undefined, or if the field was only judged right or wrong.
    """

    coded: str
    kind: str
    field: str
    units: int
    agreeing: int
    alpha: float | None


def agreements(dataset: Dataset) -> tuple[Agreement, ...]:
    """Return the agreement in each field, first for all claims, then for each kind of feature, then for provisions.

    Raises:
        WrongUseError: the library ``krippendorff`` is not installed.
        BadFileError: a table of codings is missing or names something that the data does not have.
    """
    rows = _rows(dataset, CLAIM_CODINGS, CLAIM_COLUMNS, ("claim",))
    claims = [unit for place, row in rows for unit in _of_claim(dataset, place, row)]
    provisions = [
        ("provision", field, codes if len(codes) > 1 else (own, *codes))
        for _, field, own, codes in provision_codes(dataset)
    ]
    return (*_measured("claim", claims), *_measured("provision", provisions))


def provision_codes(dataset: Dataset) -> Iterator[tuple[str, str, str, Codes]]:
    """Yield each coded field of a provision: IRI of the provision, field, code in the data, and codes of the coders.

    Raises:
        BadFileError: the table of codings is missing or names something that the data does not have.
    """
    found: dict[tuple[str, str, str], Codes] = {}
    for place, row in _rows(dataset, PROVISION_CODINGS, PROVISION_COLUMNS, ("provision", "coder")):
        for unit, code in _of_provision(dataset, place, row):
            found[unit] = (*found.get(unit, ()), code)
    for (provision, field, own), codes in found.items():
        yield provision, field, own, codes


def alpha(units: Sequence[Codes]) -> float | None:
    """Return Krippendorff's alpha of nominal codes; None if there is only one code.

    Raises:
        WrongUseError: the library ``krippendorff`` is not installed.
    """
    if len(values := sorted({code for codes in units for code in codes})) < 2:
        return None
    with optional_libraries():
        import krippendorff
    counts = [[codes.count(value) for value in values] for codes in units]
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


Unit = tuple[str, str, Codes]
"""The kind of a unit, a field, and the codes of all coders in this field."""


def _measured(coded: str, units: Sequence[Unit]) -> Iterator[Agreement]:
    kinds = (ALL, *sorted({kind for kind, _, _ in units}))
    for kind in kinds if len(kinds) > 2 else kinds[:1]:
        for field in dict.fromkeys(field for _, field, _ in units):
            chosen = [codes for own, name, codes in units if name == field and kind in {ALL, own}]
            agreeing = sum(len(set(codes)) == 1 for codes in chosen)
            found = None if field in JUDGED else alpha(chosen)
            yield Agreement(coded, kind, field, len(chosen), agreeing, found)


def _of_claim(dataset: Dataset, place: Place, row: Mapping[str, str]) -> Iterator[Unit]:
    """Yield the units of one claim.

    The passage often supports several features, so the second coder can name several. The field ``first feature``
    compares only the first of them. In the field ``feature``, the coders agree if one of them is the feature of the
    claim.
    """
    claim = PREFIXES["claim"] + row["claim"].removeprefix("claim:")
    feature = local_id(_value(dataset, place, claim, "feature"))
    kind = _kind(dataset, PREFIXES["feat"] + feature)
    given = (row["feature"], *filter(None, row["further_features"].split(" ")))
    for name in given:
        _known(
            place,
            "feature",
            name,
            store.has_triple(dataset, PREFIXES["feat"] + name, PREFIXES["skos"] + "inScheme", None),
        )
    for field, codes in (("finding", Finding), ("mode", Mode)):
        _known(place, field, row[field], row[field] in {code.value for code in codes})
    yield kind, "first feature", (feature, row["feature"])
    yield kind, "feature", (feature, feature if feature in given else row["feature"])
    if feature in given:
        for field in CODED:
            yield kind, field, (local_id(_value(dataset, place, claim, field)), row[field])
    for field in JUDGED:
        judged = row[f"{field}_agrees"]
        if judged not in JUDGEMENTS:
            raise BadFileError(
                *place, f"has {judged!r} in {field}_agrees; write yes, no, or nothing if it was not judged"
            )
        if judged:
            yield kind, field, ("yes", judged)


def _of_provision(dataset: Dataset, place: Place, row: Mapping[str, str]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield the code of the coder for each field, with its unit: the provision, the field and the code in the data."""
    provision = PREFIXES["provision"] + row["provision"].removeprefix("provision:")
    for field in PROVISION_FIELDS:
        coded = f"{SCS}{row[field]}"
        _known(place, field, row[field], store.has_triple(dataset, coded, RDF + "type", SCS + field.capitalize()))
        yield (provision, field, local_id(_value(dataset, place, provision, field))), row[field]


def _known(place: Place, field: str, code: str, is_known: bool) -> None:
    """Raise BadFileError if the code of a field is not one of its values."""
    if not is_known:
        raise BadFileError(*place, f"has {code!r} as {field}, which is not one of its values; correct it")


def _value(dataset: Dataset, place: Place, subject: str, name: str) -> str:
    """Return the code of a claim or provision in the data; raise BadFileError if the data has no such code."""
    found = (
        store.objects(dataset, NamedNode(subject), SCS + name)
        if store.has_triple(dataset, subject, SCS + name, None)
        else []
    )
    if len(found) != 1:
        raise BadFileError(*place, f"names {subject}, which has no {name} in the data; correct the name")
    return store.text(found[0])


def _kind(dataset: Dataset, feature: str) -> str:
    kinds = {local_id(store.text(kind)) for kind in store.objects(dataset, NamedNode(feature), RDF + "type")}
    return min(kinds - {"Feature", "Concept"}, default="Feature")


def _rows(
    dataset: Dataset, name: str, columns: Sequence[str], key: Sequence[str]
) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield each coding of a table, with its place; no two rows may have the same values in the columns ``key``.

    The prefix of a claim or provision is optional, and spaces around a name are ignored.
    """
    path, seen = dataset.root / name, set[tuple[str, ...]]()
    for line, cells in table_rows(path, columns):
        row = {column: cell.strip() for column, cell in cells.items()}
        if not row["coder"]:
            raise BadFileError(path, line, "names no coder; write who coded it")
        values = tuple(row[column].removeprefix(f"{column}:") for column in key)
        if values in seen:
            raise BadFileError(path, line, f"codes {values[0]} again; write one row for each {' and '.join(key)}")
        seen.add(values)
        yield (path, line), row
    if not seen:
        raise BadFileError(path, None, "has no coding; write one row for each coding")
