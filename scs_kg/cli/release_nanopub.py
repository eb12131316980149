"""Commands that publish: a whole release, and a nanopublication of one claim or one cell."""

from pathlib import Path
from typing import Any

import click

from scs_kg.cli.options import judged, root_folder, write
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import PREFIXES, expand
from scs_kg.store import default_root


@click.command(epilog="Example: scs-kg release release/")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--since", metavar="RELEASE", help="Tell what changed since this release, folder, export or git revision."
)
@root_folder
def release(folder: Path, root: Path | None, since: str | None) -> None:
    """Write all that is published to a folder: graphs, tables, matrices, terms, their description and checksums."""
    from scs_kg.release import write_release

    try:
        found = write_release(root or default_root(), folder, since)
    except ModuleNotFoundError as error:
        message = f"{error.name} is not installed; the command needs an extra: pip install 'scs-kg[release]'"
        raise WrongUseError(message) from error
    size = sum(item.size for item in found)
    click.echo(f"wrote {len(found)} files, {size / 1e6:.1f} MB, to {folder}", err=True)


@click.command(epilog="Example: scs-kg nanopub shenzhen respect-for-privacy")
@click.argument("names", metavar="CLAIM | SYSTEM PRINCIPLE", nargs=-1, required=True)
@click.option("--reading", metavar="R", help="How the guideline is read; by default the first by name.")
@click.option("--guideline", metavar="G", help="Which guideline; by default that of the reading.")
@root_folder
def nanopub(names: tuple[str, ...], **options: Any) -> None:
    """Print one claim, or one cell of a matrix, as a nanopublication in TriG."""
    from scs_kg.exchange.nanopub import find_cell, of_cell, of_claim

    if len(names) > 2:
        raise click.UsageError("name a claim, or a system and a principle")
    if len(names) == 2:
        dataset, matrix = judged({**options, "dataset": ()})
        write(of_cell(dataset, *find_cell(dataset, matrix, *names)))
        return
    if options["reading"] or options["guideline"]:
        raise click.UsageError("a claim stands under no reading; name a system and a principle for a cell")
    from scs_kg.judging.selection import open_guarded

    iri = expand(names[0]) or PREFIXES["claim"] + names[0]
    write(of_claim(open_guarded(options["root"] or default_root()), iri))
