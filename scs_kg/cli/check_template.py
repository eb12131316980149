"""Commands for those who bring claims: a file to start from, and what is wrong with a file."""

import sys
from datetime import date
from pathlib import Path

import click

from scs_kg.cli.options import root_folder, write
from scs_kg.model.errors import WrongUseError
from scs_kg.store import default_root
from scs_kg.store.atomic_write import write_atomically

FORMS = ("turtle", "trig", "ntriples", "nquads", "jsonld", "yaml", "csv", "xlsx")
REPORTS = ("text", "json", "sarif", "junit", "github")
TEMPLATES = ("csv", "yaml", "xlsx", "turtle", "schema")


@click.command(epilog="Example: scs-kg check data/field-2026/yiwu.ttl --report sarif")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@root_folder
@click.option("--format", "form", type=click.Choice(FORMS), help="The form of the files, if their names do not tell.")
@click.option("--report", "kind", type=click.Choice(REPORTS), default="text", show_default=True)
@click.option("--engine", type=click.Choice(["fast", "pyshacl"]), default="fast", show_default=True)
def check(files: tuple[str, ...], root: Path | None, form: str | None, kind: str, engine: str) -> None:
    """Hold files of claims against the rules, beside the data that they would join; - is standard input."""
    from scs_kg import store
    from scs_kg.contribute.check import check as find_problems
    from scs_kg.contribute.check import check_context
    from scs_kg.contribute.read import form_of, read_draft, reading_context
    from scs_kg.render.problems import REPORTS as WRITERS
    from scs_kg.render.progress import steps
    from scs_kg.rules import engines

    for file in files:
        if form is None:
            form_of(file)
    with steps(len(files) + 2) as begin:
        begin("reading the data")
        standing = reading_context(store.load(root or default_root()))
        drafts = []
        for file in files:
            begin(f"reading {file}")
            drafts.append(read_draft(standing, file, form))
        begin("holding all against the rules")
        run = engines.run_reference if engine == "pyshacl" else engines.run_fast
        found = find_problems(check_context(standing), drafts, date.today().isoformat(), run)
    write(WRITERS[kind](found))
    if not found.conforms:
        sys.exit(1)


@click.command(epilog="Example: scs-kg template --format yaml > claims.yaml")
@root_folder
@click.option("--format", "form", type=click.Choice(TEMPLATES), default="csv", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
def template(root: Path | None, form: str, output: Path | None) -> None:
    """Write a commented file to put claims into, with the values that each field may have."""
    from scs_kg import store
    from scs_kg.contribute.read import reading_context
    from scs_kg.contribute.template import template as written

    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise WrongUseError("a workbook is not for a terminal; name a file with --output")
    if output and output.exists():
        raise WrongUseError(f"{output} is there already; name another file")
    content = written(reading_context(store.load(root or default_root())), form)
    if output:
        write_atomically(output, content)
    else:
        write(content)
