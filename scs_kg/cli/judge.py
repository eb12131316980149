"""The command ``judge``."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import endpoint, many, output_format, renamed, root_folder, timeout
from scs_kg.cli.output import write_json
from scs_kg.cli.param_types import Name
from scs_kg.model.errors import WrongUseError
from scs_kg.model.extras import optional_libraries
from scs_kg.render.language import gettext as _


@command("judge", "scs-kg judge claims.nq --output verdicts")
@click.argument("source", metavar="[FILE|DIR]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--output", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder for the verdicts."
)
@many(
    "--criteria",
    item=Name("criterion"),
    metavar="C,…",
    help="Use only these criteria ('scs-kg query criteria' lists all).",
)
@click.option(
    "--reading",
    metavar="R",
    type=Name("reading"),
    help="Use only the criteria of this reading ('scs-kg query readings' lists all).",
)
@click.option(
    "--earl", "with_earl", is_flag=True, help="Also write the verdicts as EARL, in N-Quads compressed with gzip."
)
@click.option("--dask", "scheduler", metavar="SCHEDULER", help="Use the workers of a Dask cluster, tcp://HOST:PORT.")
@output_format("text", "json")
@endpoint
@timeout
@root_folder
@renamed("--out", "--output")
def judge(*, output: Path, with_earl: bool, scheduler: str | None, form: str, root: Path, **options: Any) -> None:
    """Judge any number of systems.

    Claims come from files or from a store. Verdicts go to a folder, as Parquet tables. An interrupted run resumes when
    the command is given again.
    """
    source, url, seconds = (options.pop(name) for name in ("source", "endpoint", "timeout"))
    if (source is None) is (url is None):
        raise click.UsageError("name a file or folder of claims, or a store with --endpoint")
    if source is not None and not source.exists():
        raise WrongUseError(f"{source}: there is no such file or folder; check the name")
    with optional_libraries():
        from scs_kg.judging.bulk.dask import open_executor
        from scs_kg.judging.bulk.endpoint_source import ClaimStore
        from scs_kg.judging.bulk.plan import plan_endpoint, plan_files, require_folder
        from scs_kg.judging.bulk.rulebook import read_rulebook
        from scs_kg.judging.bulk.run import run
        from scs_kg.judging.bulk.write_verdicts import tally
        from scs_kg.render.progress import progress
        from scs_kg.store.sparql_client import Endpoint

        store = None if url is None else ClaimStore(Endpoint(url, timeout=seconds), root)
        require_folder(output)
        rulebook = read_rulebook(root, **options)
        planned = plan_endpoint(store, output, rulebook) if store else plan_files(source, output, rulebook)
        plan = replace(planned, with_earl=with_earl)
        with open_executor(scheduler) as executor, progress(shown=sys.stderr.isatty()) as report:
            resumed = run(plan, executor, report)
        counts = tally(plan.tables())
    if form == "json":
        write_json({"folder": str(output), "upToDate": not resumed, "verdicts": dict(counts)})
        return
    verdicts = ", ".join(f"{count:,} {_(outcome)}" for outcome, count in counts.items())
    message = (
        _("{folder}: verdicts: {counts}") if resumed else _("{folder}: nothing was left to do; verdicts: {counts}")
    )
    click.echo(message.format(folder=output, counts=verdicts), err=True)
