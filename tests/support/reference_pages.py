"""Writes the reference pages that are generated from the code, the queries and the ontology.

``python -m tests.support.reference_pages`` writes them to ``docs/reference/``.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click

from scs_kg import store
from scs_kg.cli import SECTIONS, cli
from scs_kg.cli.command import HELP_OPTIONS, Context
from scs_kg.model.namespaces import curie, local_id
from scs_kg.release.matrix_tables import cells
from scs_kg.release.tables import Tabular, entity_tables
from scs_kg.render.language import use_language
from scs_kg.server.jobs import TITLES
from scs_kg.server.openapi import operations
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Query, row_text
from tests.conftest import ROOT

FOLDER: Final = ROOT / "docs" / "reference"
WRITTEN_BY: Final = "<!-- Written by python -m tests.support.reference_pages; do not edit. -->"
EXITS: Final = """Every command ends with one of these exit statuses. 0: success. 1: problems were found, or the data
cannot be used. 2: usage error, such as an unknown name, a wrong option, or an output path that is already in use.
130: interrupted."""


def pages(dataset: Dataset) -> dict[str, str]:
    """Return the text of each generated page, keyed by its file name."""
    library = query_library.read_all(ROOT)
    federated = query_library.read_all(ROOT, federated=True)
    return {
        "commands.md": commands_page(),
        "queries.md": queries_page({**library, **federated}),
        "tables.md": tables_page((*entity_tables(dataset), cells(())), dataset),
        "http-api.md": http_page(library),
        "glossary.md": glossary_page(dataset),
    }


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", WRITTEN_BY, *parts)) + "\n"


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(headings)
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines
    )


def commands_page() -> str:
    """Return the help of every command."""
    use_language("en")
    parts = [EXITS]
    root = Context(cli, info_name="scs-kg")
    for section, names in SECTIONS.items():
        parts.append(f"## {section}")
        for name in names:
            command = cli.get_command(root, name)
            assert command is not None
            parts.append(f"### {name}\n\n```text\n{_help(command, root)}\n```")
    return _page("Commands", *parts)


def _help(command: click.Command, parent: click.Context) -> str:
    context = Context(
        command,
        info_name=command.name,
        parent=parent,
        terminal_width=100,
        max_content_width=100,
        help_option_names=HELP_OPTIONS,
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def queries_page(library: Mapping[str, Query]) -> str:
    """Return the list of the prepared queries."""
    rows = (
        (
            f"[{name}](../../queries/{name}.rq)",
            query.question,
            "; ".join(f"`{param.name}`: {param.meaning}" for param in query.params),
        )
        for name, query in sorted(library.items())
    )
    text = (
        "`scs-kg query NAME` answers a query; `--param name=value` sets a parameter, which narrows the answer. "
        "The files run unchanged on any SPARQL 1.1 engine."
    )
    return _page("Queries", text, _table(("query", "question", "parameters"), rows))


def tables_page(tables: Iterable[Tabular], dataset: Dataset) -> str:
    """Return the dictionary of the tables of a release."""
    meanings = {row_text(row, "term"): row_text(row, "definition") for row in query_library.rows(dataset, "terms")}
    parts = ["`scs-kg release DIR` writes these tables as CSV with CSVW, as sheets of a workbook, and as Parquet."]
    for table in tables:
        rows = (
            (
                f"`{column.heading}`",
                "ids, separated by spaces" if column.many else "id" if column.values else column.kind,
                "yes" if column.required else "no",
                column.note or meanings.get(column.term, f"`{curie(column.term)}`"),
            )
            for column in table.columns
        )
        key = ", ".join(f"`{name}`" for name in table.key)
        parts += [f"## {table.name}", f"{table.title}. Key: {key}."]
        parts.append(_table(("column", "type", "always has a value", "meaning"), rows))
    return _page("Tables", *parts)


def http_page(library: Mapping[str, Query]) -> str:
    """Return the list of the operations of the JSON API."""
    parts = [
        "`scs-kg serve` answers at these paths. `/api/openapi.json` describes them in OpenAPI 3.1, and `/api` shows "
        "the description as a page. `/sparql` follows the SPARQL 1.1 Protocol, `/reconcile` the Reconciliation Service "
        "API 0.2, and each IRI of the project is served at its path, as HTML, Turtle, TriG, JSON-LD, N-Triples or "
        "RDF/XML.",
        "`/api/compare`, the lists and the queries of the library answer in CSV if the request has the header "
        "`Accept: text/csv`, and in JSON otherwise. `/api/query/matrix` counts all claims. `/api/compare` counts, as "
        "`scs-kg compare` does, the claims of the dataset for which a reading is written, unless `dataset` is given.",
        "An error response is a problem document as defined in RFC 9457:",
        _table(("status", "meaning"), ((str(status), title) for status, title in TITLES.items())),
    ]
    for operation in operations(library):
        if operation.path.startswith("/api/query/"):
            continue  # the page on queries lists them
        parts += [f"## {' and '.join(operation.methods)} {operation.path}", operation.summary]
        if operation.parameters:
            rows = (
                (f"`{p.name}`", p.location, p.description, ", ".join(f"`{value}`" for value in p.values))
                for p in operation.parameters
            )
            parts.append(_table(("parameter", "in", "meaning", "values"), rows))
    parts += ["## GET /api/query/{name}", "Answers a query of the library: see [queries](queries.md)."]
    return _page("HTTP API", *parts)


def glossary_page(dataset: Dataset) -> str:
    """Return all terms of the ontology in English and Chinese, with their definitions."""
    seen: dict[str, tuple[str, ...]] = {}
    for row in query_library.rows(dataset, "terms"):
        names = ("label", "chinese", "definition", "chineseDefinition")
        label, chinese, definition, chinese_definition = (row_text(row, name) for name in names)
        name = local_id(row_text(row, "term"))
        seen[name] = (label, chinese, f"`scs:{name}`", f"{definition} {chinese_definition}")
    rows = sorted(seen.values(), key=lambda found: (found[0].casefold(), found[2]))
    text = "The terms of the ontology. The word for a term is the same in the data, on the pages and in messages."
    return _page("Glossary", text, _table(("English", "中文", "term", "definition"), rows))


def write(folder: Path = FOLDER) -> None:
    """Write all pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(store.load(ROOT)).items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
