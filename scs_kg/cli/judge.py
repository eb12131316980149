"""The command that judges any number of systems."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from scs_kg.cli.options import endpoint, names, root_folder, timeout
from scs_kg.model.errors import WrongUseError
from scs_kg.store import default_root

EXTRAS: Final = {"isal": "bulk", "numpy": "bulk", "polars": "bulk", "distributed": "dask"}


@click.command(epilog="Example: scs-kg judge claims.nq --out verdicts")
@click.argument("source", metavar="[FILE|DIR]", type=click.Path(path_type=Path), required=False)
@endpoint
@timeout
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the verdicts.")
@click.option("--criteria", metavar="C,…", multiple=True, callback=names, help="Only by these criteria.")
@click.option("--reading", metavar="R", help="Only by the criteria that a reading asks for.")
@click.option("--dask", "scheduler", metavar="SCHEDULER", help="On the workers of a Dask cluster, tcp://HOST:PORT.")
@root_folder
def judge(*, out: Path, scheduler: str | None, root: Path | None, **options: Any) -> None:
    """Judge any number of systems, from claims in files or a store to verdicts on disk; again to go on after a stop."""
    source, url, seconds = (options.pop(name) for name in ("source", "endpoint", "timeout"))
    if (source is None) is (url is None):
        raise click.UsageError("name a file or folder of claims, or a store with --endpoint")
    with _extras():
        from scs_kg.judging.bulk.dask import mapper
        from scs_kg.judging.bulk.endpoint_source import Store
        from scs_kg.judging.bulk.plan import plan, plan_store
        from scs_kg.judging.bulk.rulebook import read_rulebook
        from scs_kg.judging.bulk.run import run
        from scs_kg.judging.bulk.write_verdicts import tally
        from scs_kg.render.progress import progress
        from scs_kg.store.sparql_client import Endpoint

        root = root or default_root()
        known = read_rulebook(root, **options)
        there = Store(Endpoint(url, seconds=seconds), root)
        work = plan(source, out, known) if source else plan_store(there, out, known)
        with mapper(scheduler) as spread, progress(shown=sys.stderr.isatty()) as report:
            anew = run(work, spread, report)
    said = ", ".join(f"{count:,} {outcome}" for outcome, count in tally(work.tables()).items())
    click.echo(f"{out}: {'' if anew else 'nothing was left to do; '}verdicts: {said}", err=True)


@contextmanager
def _extras() -> Iterator[None]:
    """Name the extra whose library is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        install = f"pip install 'scs-kg[{EXTRAS[error.name]}]'"
        raise WrongUseError(f"{error.name} is not installed; the command needs an extra: {install}") from error
