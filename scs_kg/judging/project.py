"""Opens a project folder, and makes judged copies of it that can be queried."""

from collections.abc import Callable, Iterable
from pathlib import Path

from scs_kg import store
from scs_kg.judging.earl import publish, publish_cells
from scs_kg.judging.evidence import derive
from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.matrix import cells_of
from scs_kg.judging.readings import ReadingChoice, choices
from scs_kg.judging.selection import SelectedClaims
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.model.selection import Selection
from scs_kg.rules import engines
from scs_kg.rules.guard_cache import found_valid, guard_once
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples, copy_asserted, instances, remove_subjects, subfolders


def open_guarded(root: Path, *, searches: bool = True) -> Dataset:
    """Load a project folder as ``guarded`` does; raise BadFileError if a file is broken or a rule is violated.

    The rules are not evaluated again for files that this version of the code has found valid (``guard_cache``). For
    such files, the dataset lacks the log of searches if ``searches`` is false. For other files it always has the log.
    """
    dataset = store.load(root, searches=searches)
    if not searches and not found_valid(dataset):
        dataset = store.load(root)
    guard_once(dataset)
    return _add_datasets(dataset)


def guarded(dataset: Dataset) -> Dataset:
    """Validate a loaded dataset and link each claim to its dataset; raise BadFileError if it violates a rule."""
    engines.guard(dataset)
    return _add_datasets(dataset)


def reopen(dataset: Dataset) -> Dataset:
    """Return an independent copy of an opened dataset without the triples that judging inferred."""
    return _add_datasets(copy_asserted(dataset))


def _add_datasets(dataset: Dataset) -> Dataset:
    link = NamedNode(SCS + "inDataset")
    for name in subfolders(dataset, "data"):
        whole = NamedNode(PREFIXES["dataset"] + name)
        claims = instances(dataset, SCS + "Claim", f"data/{name}/")
        add_triples(dataset, (Triple(claim, link, whole) for claim in claims))
    return dataset


def open_judged(root: Path, selection: Selection | None = None) -> Dataset:
    """Open a project folder and return its judged graph; errors are those of ``open_guarded`` and ``judged_graph``."""
    return judged_graph(judge_selection(open_guarded(root), selection or Selection()))


def judged_graph(
    judged: JudgedSelection, cells: Callable[[JudgedSelection, ReadingChoice], Iterable[Cell]] = cells_of
) -> Dataset:
    """Return a copy of the dataset with the selected claims and systems, the evidence, the verdicts and the cells.

    ``cells`` returns the cells of a reading; a caller that already has the cells passes this function.
    """
    graph = evidence_graph(judged)
    publish(graph, (*judged.verdicts, *judged.conditions))
    for choice in choices(judged.dataset):
        publish_cells(graph, choice.reading.iri, cells(judged, choice))
    return graph


def evidence_graph(judged: JudgedSelection) -> Dataset:
    """Return a copy of the dataset with the selected claims and systems and the evidence, without verdicts."""
    graph = reopen(judged.dataset)
    leave_out(graph, judged.selected)
    derive(graph)
    return graph


def leave_out(graph: Dataset, selected: SelectedClaims) -> None:
    """Remove from a graph the claims and systems that a selection leaves out.

    A claim that does not count because of its mode or confidence still supersedes other claims. Therefore the graph
    keeps the ``scs:supersedes`` triples of a claim that does not count.
    """
    superseding = [
        Triple(NamedNode(claim), NamedNode(SCS + "supersedes"), earlier)
        for claim in sorted(selected.uncounted)
        for earlier in store.objects(graph, NamedNode(claim), SCS + "supersedes")
    ]
    remove_subjects(graph, selected.left_out | selected.excluded_systems)
    add_triples(graph, superseding)
