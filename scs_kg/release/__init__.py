"""A release: everything that the project publishes, as one reproducible folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scs_kg.analysis.diff.editions import open_edition
from scs_kg.analysis.diff.verdicts import difference
from scs_kg.contribute.read import reading_context
from scs_kg.contribute.read.fields import context_text
from scs_kg.contribute.template.json_schema import schema
from scs_kg.contribute.validate import validate
from scs_kg.exchange.sssom import mappings_table
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.project import open_judged
from scs_kg.judging.readings import ReadingChoice
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.release.catalogue import catalogue
from scs_kg.release.claims_table import claims_table
from scs_kg.release.csvw import csvw, term_definitions
from scs_kg.release.data_package import data_package
from scs_kg.release.matrix_tables import cells, stem, wide_tables
from scs_kg.release.ontology_documents import ontology_documents, vocabulary_triples
from scs_kg.release.ro_crate import Item, crate, item
from scs_kg.release.table_labels import all_with_labels
from scs_kg.release.tables import entity_tables
from scs_kg.release.write_folder import refuse_foreign_files, write_folder
from scs_kg.release.xlsx_parquet import parquet, xlsx
from scs_kg.render.data import as_csv
from scs_kg.render.diff import difference_json, difference_text
from scs_kg.render.documents import as_document
from scs_kg.render.language import messages_in
from scs_kg.render.table import matrix_table
from scs_kg.render.vocabulary_page import terms_page
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import add_triples
from scs_kg.store.ontology_header import ontology_header
from scs_kg.store.query_library import row_entity, row_text
from scs_kg.store.serialize import serialize_in_formats

GRAPHS: Final = {"trig": "TriG", "nquads": "N-Quads", "turtle": "Turtle", "jsonld": "JSON-LD"}
SUFFIXES: Final = {"trig": "trig", "nquads": "nq", "turtle": "ttl", "jsonld": "jsonld"}
Files = dict[str, "ReleaseFile"]
"""The files of a release, keyed by path."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release: its title, its content, and the selection of claims if it depends on verdicts."""

    title: str
    content: bytes
    selection: Selection | None = None


STAGES: Final = ("validating", "judging", "tables", "documents", "graphs", "writing")
"""The stages of writing a release, in this order."""


def write_release(
    root: Path, folder: Path, since: str | None = None, begin: Callable[[str], None] = lambda stage: None
) -> tuple[Item, ...]:
    """Write the release of a project folder to a folder atomically; return its files.

    ``since`` is the previous release: its folder, or an edition as in the command ``diff``. If it is given, the release
    also lists the changes since then. ``begin`` is called with each of ``STAGES`` when it begins.

    Raises:
        UnknownNameError: there is no such edition.
        BadFileError: the project has a problem that ``validate`` reports as a violation or a warning; the folder cannot
            be written; or the previous release cannot be read.
        WrongUseError: the folder has files that do not belong to a release.
        ModuleNotFoundError: a library of the extra ``release`` is not installed.
    """
    refuse_foreign_files(folder)
    begin("validating")
    _refuse_problems(root)
    with messages_in("en"):  # the text of a release is always in English
        contents, items = _contents(root, since, begin)
    begin("writing")
    write_folder(folder, contents)
    return items


def _refuse_problems(root: Path) -> None:
    """Raise BadFileError for the first problem that makes ``scs-kg validate`` fail."""
    found = validate(root).of("Violation", "Warning")
    if found:
        first, more = found[0], len(found) - 1
        advice = (Advice(f"; and {more} more"), Advice(", see {command}", command="validate")) if more else ()
        raise BadFileError(first.file, first.line, f"{first.node}: {first.message}", advice=advice)


def _contents(root: Path, since: str | None, begin: Callable[[str], None]) -> tuple[dict[str, bytes], tuple[Item, ...]]:
    """Return the contents of all files, keyed by path, and descriptions of all files but the RO-Crate metadata."""
    begin("judging")
    dataset = open_judged(root)
    files = _changes(dataset, since) if since is not None else {}
    head, matrices = ontology_header(dataset), tuple(all_matrices(dataset))
    begin("tables")
    files |= _tables(dataset, matrices)
    begin("documents")
    files |= _documents(dataset, matrices)
    begin("graphs")
    publish_verdict_periods(dataset)
    add_triples(dataset, vocabulary_triples(dataset))
    files |= _graphs(dataset)
    description = catalogue(dataset, head, _items(files)).encode()
    files["catalogue.ttl"] = ReleaseFile("The description of the release: DCAT, VoID, PROV", description)
    contents = {path: file.content for path, file in sorted(files.items())}
    contents["ro-crate-metadata.json"] = crate(head, _items(files)).encode()
    return contents, _items(files)


def _items(files: Files) -> tuple[Item, ...]:
    return tuple(item(path, file.title, file.content, file.selection) for path, file in sorted(files.items()))


def all_matrices(dataset: Dataset) -> Iterator[Matrix]:
    """Yield the matrices of each reading: one with its default dataset, if there is one, and one with all claims."""
    whole = judge_selection(dataset)
    readings = {row_text(row, "reading"): row for row in query_library.rows(dataset, "readings")}
    for row in readings.values():
        written_for = local_id(row_text(row, "dataset"))
        choice = ReadingChoice(
            row_entity(row, "guideline", "guidelineLabel"), row_entity(row, "reading"), written_for or None
        )
        if written_for:
            own = Selection(datasets=(written_for,))
            yield compare(dataset, choice, own)
        yield compare_judged(whole, choice)


def _tables(dataset: Dataset, matrices: tuple[Matrix, ...]) -> Files:
    head, ids_only = ontology_header(dataset), (*entity_tables(dataset), claims_table(dataset), cells(matrices))
    tables = all_with_labels(dataset, (*ids_only, *wide_tables(ids_only, matrices)))
    files: Files = {}
    for table in tables:
        rows = ([column.heading for column in table.columns], *table.rows)
        files[f"tables/{table.name}.csv"] = ReleaseFile(table.title, as_csv(rows).encode("utf-8-sig"), table.selection)
    for table in tables[: len(ids_only)]:
        files[f"tables/{table.name}.parquet"] = ReleaseFile(table.title, parquet(table), table.selection)
    definitions = term_definitions(dataset)
    files["tables/csv-metadata.json"] = ReleaseFile(
        "The meaning of the columns of the tables: CSV on the Web", csvw(tables, definitions, head).encode()
    )
    files["tables/datapackage.json"] = ReleaseFile(
        "The meaning of the columns of the tables: Data Package", data_package(tables, definitions, head).encode()
    )
    files["scs-kg.xlsx"] = ReleaseFile("All tables as one workbook", xlsx(tables, head))
    return files


def _documents(dataset: Dataset, matrices: tuple[Matrix, ...]) -> Files:
    json_schema = schema(reading_context(dataset)).encode()
    files: Files = {
        "ontology/index.html": ReleaseFile("The terms of the ontology, as a web page", terms_page(dataset).encode()),
        **{path: ReleaseFile(title, content) for path, (title, content) in ontology_documents(dataset).items()},
        "mappings.sssom.tsv": ReleaseFile(
            "Mappings to other vocabularies and data sets as SSSOM", mappings_table(dataset).encode()
        ),
        "context.jsonld": ReleaseFile("The JSON-LD context of claim files", context_text(dataset.library).encode()),
        "claims.schema.json": ReleaseFile("The JSON Schema of claim files in YAML", json_schema),
    }
    for matrix in matrices:
        table = matrix_table(matrix)
        latex = as_document(table, "latex").encode()
        files[f"latex/{stem(matrix)}.tex"] = ReleaseFile(f"{table.title}, as LaTeX", latex, matrix.selection)
    return files


def _changes(dataset: Dataset, since: str) -> Files:
    """Return the changes since the previous release; versions and dates name the editions, not their paths."""
    graph = Path(since) / f"scs-kg.{SUFFIXES['trig']}"
    old = open_edition(dataset.root, str(graph) if query_library.is_file(graph) else since, Selection())
    heads = ontology_header(old), ontology_header(dataset)
    before, now = (f"{head.version} ({head.modified})" for head in heads)
    found = difference((before, now), old, dataset)
    title = f"What changed from {before} to {now}: records, verdicts, cells"
    return {
        "changes.json": ReleaseFile(title, difference_json(found).encode(), Selection()),
        "changes.md": ReleaseFile(title, difference_text(found, "markdown").encode(), Selection()),
    }


def _graphs(dataset: Dataset) -> Files:
    written = serialize_in_formats(dataset, GRAPHS, inferred=True)
    return {
        f"scs-kg.{SUFFIXES[form]}": ReleaseFile(
            f"The whole graph with all verdicts, as {GRAPHS[form]}", content, Selection()
        )
        for form, content in written.items()
    }
