"""Commands that ask of the data as a whole: questions, its soundness, all of it."""

import sys
from pathlib import Path
from typing import Any

import click

from scs_kg.cli.options import endpoint, root_folder, terminal, timeout, write
from scs_kg.store import default_root, serialize_dataset
from scs_kg.store.serialize import DATASET_FORMATS


@click.command(epilog="Example: scs-kg query claims --param system=xiamen --format csv")
@click.argument("name", metavar="NAME|FILE", required=False)
@root_folder
@click.option("--list", "listing", is_flag=True, help="List the questions of the library and their parameters.")
@click.option("--param", "params", metavar="K=V", multiple=True, callback=lambda _, __, given: _params(given))
@click.option("--format", "form", type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle"]))
@click.option(
    "--allow-service",
    "services",
    metavar="HOST[=URL]",
    multiple=True,
    help="A host that SERVICE in the query may ask; with a URL, that is asked instead.",
)
@endpoint
@timeout
def query(*, name: str | None, root: Path | None, listing: bool, **how: Any) -> None:
    """Ask a question of the library, or one of your own from a file, of the data with all verdicts.

    No other host is asked unless --allow-service names it.

    With --endpoint the store answers, from all graphs that were published to it, or else from its own default graph.
    """
    from scs_kg.render import answer, documents

    root = root or default_root()
    if listing:
        write(documents.as_text(answer.listing(root), terminal()))
    elif name is None:
        raise click.UsageError("name a question or a file, or list the questions with --list")
    else:
        write(answer.answer(root, answer.QueryRequest(name, **how, terminal=terminal())))


def _params(given: tuple[str, ...]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise click.BadParameter(f"'{pair}' is no parameter; write name=value")
    return dict(pair.split("=", 1) for pair in given)


@click.command(epilog="Example: scs-kg validate --root .")
@root_folder
def validate(root: Path | None) -> None:
    """Check the project's data: integrity and style by pySHACL, consistency by owlrl; one line per problem."""
    from scs_kg.contribute.validate import validate as find_problems
    from scs_kg.render.problems import REPORTS

    found = find_problems(root or default_root())
    write(REPORTS["text"](found))
    if found.of("Violation", "Warning"):
        sys.exit(1)


@click.command(epilog="Example: scs-kg diff . . --format markdown")
@click.argument("old")
@click.argument("new")
@root_folder
@click.option("--dataset", "datasets", metavar="D", multiple=True, help="Only claims of this dataset; all by default.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def diff(old: str, new: str, root: Path | None, datasets: tuple[str, ...], form: str) -> None:
    """Tell which records, verdicts and cells differ between two folders, exports or git revisions, and by what."""
    from scs_kg.analysis.diff.editions import open_edition
    from scs_kg.analysis.diff.verdicts import difference
    from scs_kg.model.selection import Selection
    from scs_kg.render.diff import difference_json, difference_text

    editions = (open_edition(root or default_root(), name, Selection(datasets=datasets)) for name in (old, new))
    found = difference((old, new), *editions)
    write(difference_json(found) if form == "json" else difference_text(found, form, terminal().width))


@click.command("export", epilog="Example: scs-kg export --format nquads --inferred > scs-kg.nq")
@root_folder
@click.option("--format", "form", type=click.Choice([*DATASET_FORMATS, "sssom"]), default="trig", show_default=True)
@click.option("--inferred", is_flag=True, help="With known facts and verdicts.")
def export_all(root: Path | None, form: str, *, inferred: bool) -> None:
    """Write the whole graph to standard output, the same bytes for the same data; as sssom, the mappings alone."""
    from scs_kg.judging.selection import open_guarded, open_judged

    dataset = (open_judged if inferred else open_guarded)(root or default_root())
    if form == "sssom":
        from scs_kg.exchange.sssom import mappings_table

        write(mappings_table(dataset))
        return
    if inferred:
        from scs_kg.judging.timeline import publish_verdict_periods

        publish_verdict_periods(dataset)
    sys.stdout.buffer.write(serialize_dataset(dataset, form, inferred=inferred))
