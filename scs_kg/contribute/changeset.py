"""A change of the data: the new texts of files, validated, and written atomically.

A change only inserts statements. A change never removes or rewrites existing statements.
"""

import difflib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scs_kg import store
from scs_kg.contribute.layout import Records, class_of, feature_order, file_of, with_records
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import SCS, curie
from scs_kg.rules import engines
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.dataset import asserted_triples
from scs_kg.store.line_split import split_lines
from scs_kg.store.loading import is_new
from scs_kg.store.locate import locate
from scs_kg.store.transaction import commit, fingerprint


@dataclass(frozen=True, slots=True)
class Project:
    """The data before a change: the dataset, and the fingerprint of the files."""

    dataset: Dataset
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A planned change: the old and the new text of each file that changes, and the IRIs of new and known records.

    ``fingerprint`` is the fingerprint of the files at the time of planning.
    """

    root: Path
    fingerprint: str
    old: Mapping[Path, str]
    new: Mapping[Path, str]
    written: tuple[str, ...]
    known: tuple[str, ...]


def open_project(root: Path) -> Project:
    """Load a project folder in order to change it; raise the same errors as ``store.load``."""
    before = fingerprint(root)
    return Project(store.load(root, overlay=is_new(root)), before)


def plan(project: Project, records: Records, dataset: str) -> ChangeSet:
    """Plan to write claims, sources and acts; the claims go to ``dataset``.

    A record that is already in the data is not written again. A claim is not written if the data has a claim with the
    same content and another name.

    Raises:
        BadFileError: a record is of another kind, differs from the record of that name in the data, or breaks a rule.
    """
    root = project.dataset.root
    known = sorted(subject for subject, triples in records.items() if _is_known(project.dataset, subject, triples))
    by_file: dict[Path, dict[str, frozenset[Triple]]] = {}
    for subject in sorted(records.keys() - set(known)):
        by_file.setdefault(root / file_of(project.dataset, records, subject, dataset), {})[subject] = records[subject]
    order = feature_order(project.dataset) if by_file else {}
    old = {path: path.read_text("utf-8") if path.is_file() else "" for path in by_file}
    new = {path: with_records(project.dataset, path, old[path], by_file[path], order) for path in by_file}
    if new:
        _refuse_violations(root, new)
    written = tuple(subject for subjects in by_file.values() for subject in subjects)
    return ChangeSet(root, project.fingerprint, MappingProxyType(old), MappingProxyType(new), written, tuple(known))


def _is_known(dataset: Dataset, subject: str, triples: frozenset[Triple]) -> bool:
    """Return whether the data already has a record; raise BadFileError if the data has another record of that name."""
    existing = asserted_triples(dataset, subject)
    if existing and existing != triples:
        file, line = locate(dataset, subject)
        message = f"{curie(subject)}: is in the data already with other content; choose another name, or supersede it"
        raise BadFileError(file or dataset.root, line, message)
    return bool(existing) or (class_of(triples) == "Claim" and _has_duplicate(dataset, triples))


def _has_duplicate(dataset: Dataset, triples: frozenset[Triple]) -> bool:
    """Return whether a claim with another name has exactly the same content."""
    content = {(t.predicate, t.object) for t in triples}
    features = [o.value for p, o in content if p.value == SCS + "feature" and isinstance(o, NamedNode)]
    others = {store.text(claim) for feature in features for claim in store.subjects(dataset, SCS + "feature", feature)}
    return any({(t.predicate, t.object) for t in asserted_triples(dataset, other)} == content for other in others)


def _refuse_violations(root: Path, new: Mapping[Path, str]) -> None:
    """Validate the data as it would be after the change; raise BadFileError with the first violation."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("ontology", "data"):
            if (root / name).is_dir():
                _copy_files(root / name, copy / name)
        for path, text in new.items():
            write_atomically(copy / path.relative_to(root), text)
        problems = engines.problems(store.load(copy), warnings=False)
        violations = [problem for problem in problems if problem.severity == "Violation"]
    if violations:
        first, more = violations[0], f"; and {len(violations) - 1} more" if len(violations) > 1 else ""
        raise BadFileError(first.file.replace(folder, str(root)), first.line, f"{first.node}: {first.message}{more}")


def _copy_files(folder: Path, copy: Path) -> None:
    """Copy the files of a folder without its permissions, so that the files of a read-only folder can be changed."""
    for path in folder.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def diff(planned: ChangeSet) -> str:
    """Return the change as a unified diff; empty if nothing changes."""
    return "".join(line for path in sorted(planned.new) for line in _file_diff(planned, path))


def _file_diff(planned: ChangeSet, path: Path) -> Iterator[str]:
    name = path.relative_to(planned.root).as_posix()
    old, new = (split_lines(texts[path]) for texts in (planned.old, planned.new))
    return difflib.unified_diff(old, new, f"a/{name}" if old else "/dev/null", f"b/{name}")


def write(planned: ChangeSet) -> None:
    """Write all files or no file; raise BadFileError if the data changed since the plan or cannot be written."""
    if planned.new:
        commit(planned.root, planned.new, planned.fingerprint)
