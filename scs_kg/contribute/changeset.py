"""A change of the data: new texts of files, held against the rules, and written whole or not at all.

Nothing is ever taken out or written anew: statements are put between those that are there.
"""

import difflib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scs_kg import store
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, curie, local_id
from scs_kg.rules import engines
from scs_kg.store import Dataset, NamedNode, Triple, turtle_edit
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.dataset import asserted_triples, instances
from scs_kg.store.locate import locate
from scs_kg.store.transaction import commit, fingerprint
from scs_kg.store.turtle_positions import statements

SOURCES: Final = "data/sources.ttl"
AMENDMENTS: Final = "data/amendments.ttl"
OBJECTIONS: Final = "data/objections.ttl"
PLACES: Final[Mapping[str, str]] = {
    "Source": SOURCES,
    "Retraction": AMENDMENTS,
    "Supersession": AMENDMENTS,
    "Objection": OBJECTIONS,
    "Decision": OBJECTIONS,
}
HEADS: Final[Mapping[str, str]] = {
    SOURCES: "The bibliography, by name: every document that a statement or a guideline rests on",
    AMENDMENTS: "Statements that were retracted or superseded, why and by whom",
    OBJECTIONS: "Objections to claims, criteria and provisions, and decisions on them",
}

Said = Mapping[str, frozenset[Triple]]


@dataclass(frozen=True, slots=True)
class Project:
    """The data as it is before a change: the dataset, and the fingerprint of its files."""

    dataset: Dataset
    seen: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A planned change: old and new text of each file that changes, what is new by IRI, and what was there already."""

    root: Path
    seen: str
    old: Mapping[Path, str]
    new: Mapping[Path, str]
    written: tuple[str, ...]
    known: tuple[str, ...]


def open_project(root: Path) -> Project:
    """Load a project folder in order to change it; raise as ``store.load`` does."""
    seen = fingerprint(root)
    return Project(store.load(root), seen)


def plan(project: Project, said: Said, dataset: str) -> ChangeSet:
    """Plan to write claims, sources and acts, each with all that is said of it, claims to a dataset of the project.

    What is there already is not written again, nor is a claim that another name already makes.

    Raises:
        BadFileError: something is none of these, says something else of what is there, or breaks a rule.
    """
    root = project.dataset.root
    known = sorted(subject for subject in said if _is_there(project.dataset, subject, said[subject]))
    wanted: dict[Path, dict[str, frozenset[Triple]]] = {}
    for subject in sorted(said.keys() - set(known)):
        wanted.setdefault(root / _place(subject, said[subject], dataset), {})[subject] = said[subject]
    order = feature_order(project.dataset) if wanted else {}
    old = {path: path.read_text("utf-8") if path.is_file() else "" for path in wanted}
    new = {path: _text(project.dataset, path, old[path], wanted[path], order) for path in wanted}
    if new:
        _refuse_broken(root, new)
    written = tuple(subject for subjects in wanted.values() for subject in subjects)
    return ChangeSet(root, project.seen, old, new, written, tuple(known))


def _is_there(dataset: Dataset, subject: str, said: frozenset[Triple]) -> bool:
    """Tell whether the same is said already; raise BadFileError if something else is said under this name."""
    there = asserted_triples(dataset, subject)
    if there and there != said:
        file, line = locate(dataset, subject)
        message = f"{curie(subject)}: is there already and says something else; take another name, or supersede it"
        raise BadFileError(file or dataset.root, line, message)
    return bool(there) or (_kind(said) == "Claim" and _has_twin(dataset, said))


def _has_twin(dataset: Dataset, said: frozenset[Triple]) -> bool:
    """Tell whether a claim of another name says exactly the same."""
    wanted = {(triple.predicate, triple.object) for triple in said}
    features = [value.value for link, value in wanted if link.value == SCS + "feature" and isinstance(value, NamedNode)]
    twins = {store.text(twin) for feature in features for twin in store.subjects(dataset, SCS + "feature", feature)}
    return any({(t.predicate, t.object) for t in asserted_triples(dataset, twin)} == wanted for twin in twins)


def _kind(said: frozenset[Triple]) -> str:
    """Return which of our classes a subject has; more than one are none."""
    types = [local_id(store.text(t.object)) for t in said if t.predicate.value == RDF + "type"]
    return types[0] if len(types) == 1 else ""


def _value(said: frozenset[Triple], name: str) -> str:
    return next((store.text(triple.object) for triple in said if triple.predicate.value == SCS + name), "")


def _place(subject: str, said: frozenset[Triple], dataset: str) -> str:
    """Return the file of a subject, relative to the project folder; raise BadFileError if none is meant for it."""
    kind, system = _kind(said), _value(said, "about")
    if kind == "Claim" and system.startswith(PREFIXES["sys"]):
        return f"data/{dataset}/{local_id(system)}.ttl"
    if kind not in PLACES:
        raise BadFileError(curie(subject), None, "is neither a claim about a system nor a source: add only these")
    return PLACES[kind]


def _text(dataset: Dataset, path: Path, old: str, wanted: Said, order: Mapping[str, int]) -> str:
    """Return the new text of a file, which begins with a comment that says what is in it."""
    name = path.relative_to(dataset.root).as_posix()
    head = old or f"# {HEADS.get(name) or 'What contributors found about ' + _label(dataset, path.stem)}\n"
    written = [turtle_edit.format_record(subject, said) for subject, said in wanted.items()]
    features = {store.text(s): _value(asserted_triples(dataset, store.text(s)), "feature") for s in _claims(dataset)}
    features |= {subject: _value(said, "feature") for subject, said in wanted.items()}

    def key(subject: str) -> Any:
        feature = features.get(subject, "")
        return (order.get(feature, len(order)), subject)

    new = turtle_edit.insert_statements(head, written, key)
    turtle_edit.check_only_added(name, old, new, (triple for said in wanted.values() for triple in said))
    return new


def _claims(dataset: Dataset) -> list[NamedNode]:
    return list(instances(dataset, SCS + "Claim"))


def _label(dataset: Dataset, system: str) -> str:
    labels = store.objects(dataset, NamedNode(PREFIXES["sys"] + system), PREFIXES["skos"] + "prefLabel")
    return next((store.text(label) for label in labels if str(label).endswith("@en")), system)


def feature_order(dataset: Dataset) -> Mapping[str, int]:
    """Return the place of each feature: kinds as the ontology has them, and each kind in the order of its file."""
    graph = PREFIXES["graph"] + "ontology/"
    files = [dataset.files[name] for name in sorted(dataset.files) if name.startswith((graph + "scs", graph + "feat"))]
    subjects = [statement.subject for path in files for statement in statements(path.read_text("utf-8"))]
    place = {subject: number for number, subject in reversed(list(enumerate(subjects)))}
    kinds = {store.text(kind) for kind in store.subjects(dataset, PREFIXES["rdfs"] + "subClassOf", SCS + "Feature")}
    features = {store.text(s): kind for kind in kinds for s in store.subjects(dataset, RDF + "type", kind)}
    last = len(subjects)
    ordered = sorted(features, key=lambda f: (place.get(features[f], last), place.get(f, last), f))
    return {feature: number for number, feature in enumerate(ordered)}


def _refuse_broken(root: Path, new: Mapping[Path, str]) -> None:
    """Hold the data as it would be against the rules; raise BadFileError with the first violation."""
    with tempfile.TemporaryDirectory() as folder:
        future = Path(folder)
        for name in ("ontology", "data"):
            shutil.copytree(root / name, future / name)
        for path, text in new.items():
            write_atomically(future / path.relative_to(root), text)
        broken = [
            found for found in engines.problems(store.load(future), warnings=False) if found.severity == "Violation"
        ]
    if broken:
        first, more = broken[0], f"; and {len(broken) - 1} more" if len(broken) > 1 else ""
        raise BadFileError(first.file.replace(folder, str(root)), first.line, f"{first.node}: {first.message}{more}")


def diff(amendment: ChangeSet) -> str:
    """Return what would change as a unified diff, empty if nothing."""
    return "".join(line for path in sorted(amendment.new) for line in _file_diff(amendment, path))


def _file_diff(amendment: ChangeSet, path: Path) -> Iterator[str]:
    name = path.relative_to(amendment.root).as_posix()
    old, new = (texts[path].splitlines(keepends=True) for texts in (amendment.old, amendment.new))
    return difflib.unified_diff(old, new, f"a/{name}" if old else "/dev/null", f"b/{name}")


def write(amendment: ChangeSet) -> None:
    """Write all files or none; raise BadFileError if the data changed meanwhile or cannot be written."""
    if amendment.new:
        commit(amendment.root, amendment.new, amendment.seen)
