"""Decides where records are written: the file of each kind of record, its first comment, and its order."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.contribute.read.kinds import FEATURE_KINDS, KINDS
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, curie, local_id
from scs_kg.store import Dataset, NamedNode, Triple, turtle_edit
from scs_kg.store.dataset import asserted_triples, instances
from scs_kg.store.turtle_positions import statements

SOURCES: Final = "data/sources.ttl"
AMENDMENTS: Final = "data/amendments.ttl"
OBJECTIONS: Final = "data/objections.ttl"
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Source": SOURCES,
        "Retraction": AMENDMENTS,
        "Supersession": AMENDMENTS,
        "Objection": OBJECTIONS,
        "Decision": OBJECTIONS,
        "SocialCreditSystem": "data/systems.ttl",
        "Region": "data/regions.ttl",
        "Criterion": "ontology/criteria.ttl",
        "Condition": "ontology/conditions.ttl",
        **dict.fromkeys(FEATURE_KINDS, "ontology/features/contributed.ttl"),
    }
)
"""The file of each class, relative to the project folder; a claim is in the file of its system."""
GUIDELINES: Final = "ontology/guidelines"
_PARTS: Final = ("PropertyShape", "List")
"""The classes of records that are part of a criterion or a condition and are written into its file."""
ADDED: Final = tuple(kind.plural for kind in KINDS)
FIRST_COMMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SOURCES: "All documents that statements or guidelines are based on, in the order of their names",
        AMENDMENTS: "Statements that were retracted or superseded, why and by whom",
        OBJECTIONS: "Objections to claims, criteria and provisions, and decisions on them",
    }
)

Records = Mapping[str, frozenset[Triple]]
"""Triples, grouped by the IRI of their subject."""


def file_of(dataset: Dataset, records: Records, subject: str, target: str) -> str:
    """Return the file for one of several new records, relative to the project folder.

    Claims go to the folder of the dataset ``target``. Guidelines, principles, readings and provisions go to the folder
    of their guideline.

    Raises:
        BadFileError: the record is of a kind that cannot be added.
    """
    triples = records.get(subject, frozenset())
    kind, system = class_of(triples), _value(triples, "about")
    if kind == "Claim" and system.startswith(PREFIXES["sys"]):
        return f"data/{target}/{local_id(system)}.ttl"
    if kind in _PARTS:
        return file_of(dataset, records, _owner(records, subject), target)
    if kind in {"Guideline", "Principle"}:
        return f"{GUIDELINES}/{local_id(_value(triples, 'inGuideline') or subject)}/principles.ttl"
    if kind in {"Reading", "Provision"}:
        reading = _value(triples, "inReading") or subject
        guideline = local_id(_linked(dataset, records, reading, "readsGuideline"))
        return f"{GUIDELINES}/{guideline}/{local_id(reading).removeprefix(guideline + '-')}.ttl"
    if kind not in FILES:
        raise BadFileError(curie(subject), None, f"is not a record that can be added; add {', '.join(sorted(ADDED))}")
    return FILES[kind]


def _owner(records: Records, part: str) -> str:
    """Return the criterion or condition that a property shape or a cell of a list belongs to, or ``""``."""
    seen = {part}
    while class_of(records.get(part, frozenset())) in _PARTS:
        owners = (one for one, own in records.items() if one not in seen and _names(own, part))
        part = next(owners, "")
        seen.add(part)
    return part


def _names(triples: frozenset[Triple], iri: str) -> bool:
    return any(triple.object == NamedNode(iri) for triple in triples)


def _linked(dataset: Dataset, records: Records, subject: str, name: str) -> str:
    """Return the value of a property of a new record or of a record in the data."""
    return _value(records.get(subject) or asserted_triples(dataset, subject), name)


def class_of(triples: frozenset[Triple]) -> str:
    """Return the local name of the subject's class, or ``""`` unless it has exactly one."""
    types = [local_id(store.text(t.object)) for t in triples if t.predicate.value == RDF + "type"]
    types = [name for name in types if name != "NodeShape"]
    return types[0] if len(types) == 1 else ""


def _value(triples: frozenset[Triple], name: str) -> str:
    return next((store.text(triple.object) for triple in triples if triple.predicate.value == SCS + name), "")


def with_records(dataset: Dataset, path: Path, old: str, records: Records, order: Mapping[str, int]) -> str:
    """Insert records into the text of a file, sorted by the order of their features and then by name; return the text.

    A new file begins with a comment on its content.
    """
    name = dataset.name_of(path)
    start = old or f"# {_first_comment(dataset, name, path.stem)}\n"
    features = {
        store.text(claim): _value(asserted_triples(dataset, store.text(claim)), "feature")
        for claim in instances(dataset, SCS + "Claim")
    }
    features |= {subject: _value(triples, "feature") for subject, triples in records.items()}

    def key(subject: str) -> tuple[int, str]:
        return order.get(features.get(subject, ""), len(order)), subject

    new = turtle_edit.insert_statements(start, [turtle_edit.format_record(*record) for record in records.items()], key)
    turtle_edit.check_only_added(name, old, new, (triple for triples in records.values() for triple in triples))
    return new


def _first_comment(dataset: Dataset, name: str, stem: str) -> str:
    if name.startswith(GUIDELINES):
        return "The guideline and its principles" if stem == "principles" else "A reading of the guideline"
    if name.startswith("ontology/") or name in FILES.values():
        return FIRST_COMMENTS.get(name) or f"The {stem} that were added"
    return f"What contributors found about {_label(dataset, stem)}"


def _label(dataset: Dataset, system: str) -> str:
    labels = store.objects(dataset, NamedNode(PREFIXES["sys"] + system), PREFIXES["skos"] + "prefLabel")
    return next((store.text(label) for label in labels if str(label).endswith("@en")), system)


def feature_order(dataset: Dataset) -> Mapping[str, int]:
    """Return the rank of each feature, by the order of kinds in the ontology, then by the position in the file."""
    graph = PREFIXES["graph"] + "ontology/"
    files = [dataset.files[name] for name in sorted(dataset.files) if name.startswith((graph + "scs", graph + "feat"))]
    subjects = [statement.subject for path in files for statement in statements(path.read_text("utf-8"))]
    position = {subject: number for number, subject in reversed(list(enumerate(subjects)))}
    kinds = {store.text(kind) for kind in store.subjects(dataset, PREFIXES["rdfs"] + "subClassOf", SCS + "Feature")}
    features = {store.text(s): kind for kind in kinds for s in store.subjects(dataset, RDF + "type", kind)}
    last = len(subjects)
    ordered = sorted(features, key=lambda f: (position.get(features[f], last), position.get(f, last), f))
    return {feature: number for number, feature in enumerate(ordered)}
