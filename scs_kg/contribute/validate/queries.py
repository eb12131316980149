"""Checks the query library: every query can be run, and a comparison can be made with the library."""

from collections.abc import Iterable
from pathlib import Path

from scs_kg import store
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.project import evidence_graph
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import BadFileError, EngineError, ScsError
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import empty_dataset


def query_problems(root: Path) -> Iterable[Problem]:
    """Yield the library queries with a malformed header or a syntax error."""
    empty = empty_dataset()
    for path in sorted((root / "queries").rglob("*.rq")):
        try:
            store.run_query(empty, query_library.read(path).sparql)
        except BadFileError as error:
            yield Problem(error.file, error.line, "file", error.reason, "syntax")
        except EngineError as error:
            line = query_library.line_suffix(error).removeprefix(":")
            yield Problem(str(path), int(line) if line else None, "query", str(error), "syntax")


def comparison(dataset: Dataset) -> tuple[Dataset | None, list[Problem]]:
    """Judge and compare validated data; return the graph with the evidence, or why the comparison is not possible.

    For example, a comparison is not possible if a library query lacks a column.
    """
    try:
        judged = judge_selection(dataset)
        compare_judged(judged, choose_reading(dataset, None, None))
        return evidence_graph(judged), []
    except BadFileError as error:
        return None, [Problem(error.file, error.line, "file", error.reason, "guard")]
    except ScsError as error:
        return None, [Problem(str(dataset.library / "queries"), None, "comparison", str(error), "library")]
