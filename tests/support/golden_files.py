"""Writes the golden files of the data: answers of all questions, matrices, what-if reports, explanations.

``python -m tests.support.golden_files`` writes them, and prints the name of each file that changes and the digest of
the verdicts. A line under *Verdicts* in the changelog ends with this digest.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import click
from pyoxigraph import Store

from scs_kg import store
from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.analysis.published_table import compare_published
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.project import judged_graph, open_guarded
from scs_kg.judging.readings import choose_reading
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.model.namespaces import curie, local_id
from scs_kg.render.data import as_csv, matrix_csv
from scs_kg.render.documents import as_document
from scs_kg.render.explanation import explanation_text
from scs_kg.render.published_table import published_table
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset, NamedNode, QuerySolutions, QueryTriples, Term, query_library
from scs_kg.store.query_library import Query
from tests.conftest import PAPER, ROOT, TESTS
from tests.support.whatif_reports import field_reports

GOLDEN: Final = TESTS / "golden"
REMEDY: Final = "if this change of the data is intended, run python -m tests.support.golden_files"
NARROWED: Final[Mapping[str, Mapping[str, str]]] = {
    "evidence": {"reading": "china-2019-full-text", "principle": "china-2019/respect-for-privacy"},
    "flips": {"reading": "china-2019-full-text"},
    "matrix": {"reading": "china-2019-full-text"},
    "unknown": {"system": "rongcheng"},
}
"""Parameters for questions whose whole answer on the real data is too long for a golden file."""


@cache
def library() -> Mapping[str, Query]:
    """Return the questions of the library, keyed by their names."""
    return query_library.read_all(ROOT)


def is_graph(name: str) -> bool:
    """Return whether the answer of a question is a graph."""
    return bool(re.search(r"^CONSTRUCT\b", library()[name].sparql, re.MULTILINE))


def file_name(name: str) -> str:
    """Return the name of the golden file of a question."""
    return f"{name}.nt" if is_graph(name) else f"{name}.csv"


def with_periods(dataset: Dataset) -> Dataset:
    """Return a copy of a judged dataset with the periods of all verdicts."""
    whole = Dataset(dataset.root, Store(), dataset.files)
    whole.quads.bulk_extend(dataset.quads)
    publish_verdict_periods(whole)
    return whole


def answer(dataset: Dataset, name: str, params: Mapping[str, str] | None = None) -> str:
    """Return the answer of a question in the format of golden files."""
    sparql = query_library.bind(library()[name], params) if params else library()[name].sparql
    return (graph_text if is_graph(name) else table_text)(dataset, sparql)


def table_text(dataset: Dataset, sparql: str) -> str:
    """Return the result of a SELECT query in the format of golden files."""
    found = store.run_query(dataset, sparql)
    assert isinstance(found, QuerySolutions)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(variable.value for variable in found.variables)
    writer.writerows([_shown(term) for term in row] for row in found)
    return written.getvalue()


def _shown(term: Term | None) -> str:
    """Return a term as a prefixed name, a bare literal, or an empty text if it is unbound."""
    if term is None:
        return ""
    return curie(term.value) if isinstance(term, NamedNode) else store.text(term)


def graph_text(dataset: Dataset, sparql: str) -> str:
    """Return the result of a CONSTRUCT query in the format of golden files."""
    found = store.run_query(dataset, sparql)
    assert isinstance(found, QueryTriples)
    return "".join(sorted(f"{triple} .\n" for triple in found))


def golden_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each golden file of the data in a project folder."""
    opened = open_guarded(root)
    everything, paper = judge_selection(opened), judged_graph(judge_selection(opened, PAPER))
    real = with_periods(judged_graph(everything))
    for name in library():
        yield f"questions/{file_name(name)}", answer(real, name, NARROWED.get(name))
    for row in query_library.rows(opened, "readings"):
        reading = local_id(query_library.row_text(row, "reading"))
        matrix = compare_judged(everything, choose_reading(opened, None, reading))
        yield f"matrices/{reading}.md", as_document(matrix_table(matrix), "markdown")
    yield "matrix.csv", matrix_csv(compare(paper, selection=PAPER)).replace("\r\n", "\n")
    table = published_table(compare_published(paper, compare(paper)))
    yield "published.csv", as_csv((table.columns, *table.rows)).replace("\r\n", "\n")
    yield from ((f"whatif/{name}", text) for name, text in field_reports(opened))
    yield from ((f"explain/{name}", text) for name, text in explanations(paper))


def explanations(judged: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each golden explanation, which is about a cell of the base paper's claims."""
    context, matrix = read_explanation_context(judge_selection(judged)), compare(judged, selection=PAPER)
    for path in sorted((GOLDEN / "explain").glob("*.*")):
        found = explain(context, matrix, *path.stem.split("."))
        yield path.name, explanation_text(found, {".txt": "text", ".md": "markdown"}[path.suffix])


def update(folder: Path, files: Iterator[tuple[str, str]]) -> list[str]:
    """Write the files whose text changed, and return their names."""
    changed = []
    for name, text in files:
        path = folder / name
        if not path.exists() or path.read_text("utf-8").splitlines() != text.splitlines():
            path.write_text(text, "utf-8", newline="\n")
            changed.append(name)
    return changed


def digest(golden: Path) -> str:
    """Return a digest of all marks and counts in a folder of golden matrices; wording and claims do not matter."""
    marks = [*_rows_of_tables(golden / "matrices"), *_rows_of_csv(golden / "matrix.csv")]
    assert len(marks) > 100
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12]


def _rows_of_tables(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.md")):
        yield from (f"{path.stem} {line}" for line in path.read_text("utf-8").splitlines() if line.startswith("|"))


def _rows_of_csv(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield " ".join(
                row[name] for name in ("reading", "principle", "system", "mark", "met", "notMet", "of", "why")
            )


if __name__ == "__main__":
    before = digest(GOLDEN)
    for changed_file in update(GOLDEN, golden_files(ROOT)):
        click.echo(f"changed tests/golden/{changed_file}")
    after = digest(GOLDEN)
    click.echo("no verdict changed" if after == before else f"verdicts changed; their digest is now `verdicts {after}`")
