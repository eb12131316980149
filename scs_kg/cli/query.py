"""The command ``query``."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import Command, command
from scs_kg.cli.options import endpoint, many, root_folder, timeout
from scs_kg.cli.output import terminal, write
from scs_kg.cli.param_types import Choice, Name, readable_file

FORMS = ("text", "csv", "tsv", "json", "xml", "turtle")
PARAM = r",(?=\s*\w+=)"


class Param(click.ParamType[tuple[str, str]]):
    """A parameter of a query with its value, ``name=value``."""

    name = "parameter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        name, equals, given = str(value).partition("=")
        if not equals or not name:
            self.fail(f"'{value}' is not a parameter; write name=value", param, ctx)
        return name.strip(), given


class QueryCommand(Command):
    """The command ``query``; its extra arguments are probably values of parameters."""

    def instead(self, ctx: click.Context, extra: str) -> str:
        """Return the option that sets the parameters; a value without a name belongs to the first parameter."""
        words = extra.split()
        if all(re.match(r"\w+=", word) for word in words):
            return f"to set a parameter, write --param {','.join(words)}"
        if len(words) == 1 and (name := _first_parameter(ctx.params["root"], ctx.params["query"])):
            return f"to set a parameter, write --param {name}={extra}"
        return super().instead(ctx, extra)


def _first_parameter(root: Path, question: str) -> str:
    """Return the name of the first parameter of a question of the library; empty if it has no parameter."""
    from scs_kg.model.errors import ScsError
    from scs_kg.store import query_library

    try:
        return next((param.name for param in query_library.find(root, question).params), "")
    except ScsError:  # no question has this name
        return ""


def _params(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the values of parameters, keyed by name; raise WrongUseError for a parameter with two values."""
    params = dict(given)
    for name, value in given:
        if params[name] != value:
            raise click.UsageError(f"--param: '{name}' has two values; give one value for each parameter")
    return params


@command("query", "scs-kg query claims --param system=xiamen --format csv", cls=QueryCommand)
@click.argument("query", metavar="[NAME|FILE|QUERY|-]", required=False, type=Name("question"))
@click.option("--list", "listing", is_flag=True, help="List the queries of the library and their parameters.")
@many("--param", "params", item=Param(), separator=PARAM, metavar="K=V,…", help="Value of a parameter of the query.")
@many(
    "--allow-service",
    "services",
    item=click.STRING,
    metavar="HOST[=URL],…",
    help="Host that SERVICE patterns may use; if a URL is given, requests go to it instead.",
)
@endpoint
@timeout
@click.option("--format", "form", type=Choice(FORMS), help="Output format; the default is text, or turtle for a graph.")
@root_folder
def query(*, query: str | None, root: Path, listing: bool, **options: Any) -> None:
    """Run a query of the library, or a SPARQL query of your own.

    Give the name of a query in the library, a file, or the text of a query; "-" means standard input. The query runs on
    the data with all verdicts, and uses no other host unless --allow-service names it.

    With --endpoint, the query runs at the store with this address. The query uses the graphs published there or, if
    there are none, the default graph of the store.
    """
    from scs_kg.render import answer

    if listing:
        write(_listing(root, options["form"]))
    elif query is None:
        raise click.UsageError("name a query or a file, or list the queries with --list")
    else:
        name, text = _text(query)
        params = _params(options.pop("params"))
        write(answer.answer(root, answer.QueryRequest(name, params, text=text, terminal=terminal(), **options)))


def _text(query: str) -> tuple[str, str | None]:
    """Return the name of a query for messages, and its text; the text is None for a query of the library."""
    if query == "-":
        try:
            text = sys.stdin.buffer.read().decode()
        except UnicodeDecodeError as error:
            raise click.UsageError("standard input is not UTF-8; write the query in UTF-8") from error
        if not text.strip():
            raise click.UsageError("standard input is empty; write a query to it, or name a query of the library")
        return "standard input", text
    if re.search(r"[{}]", query) and not Path(query[:255]).exists():
        return "the query", query
    return (readable_file(query) if query.endswith(".rq") else query), None


def _listing(root: Path, form: str | None) -> str | bytes:
    """Return the list of the queries of the library, by default as a table on a terminal and as lines in a pipe."""
    from scs_kg.render import answer, data, documents
    from scs_kg.render.query_list import query_list_json

    if form == "json":
        return data.as_json(query_list_json(answer.library(root)))
    table = answer.listing(root)
    if form == "csv":
        return data.as_csv((table.columns, *table.rows))
    if (form in {"tsv", None} and not sys.stdout.isatty()) or form == "tsv":
        return "".join(f"{row[0]}\t{row[1]}\n" for row in table.rows)
    if form in {"text", None}:
        return documents.as_text(table, terminal())
    raise click.UsageError(f"a list cannot be written as {form}; use one of text, csv, tsv, json")
