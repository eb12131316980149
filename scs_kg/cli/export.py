"""The command ``export``."""

import sys
from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import output_format, root_folder
from scs_kg.cli.output import write
from scs_kg.store.serialize import DATASET_FORMATS


@command("export", "scs-kg export --format nquads --inferred > scs-kg.nq")
@click.option("--inferred", is_flag=True, help="Include inferred facts and verdicts.")
@output_format(*DATASET_FORMATS, "sssom", default="trig")
@root_folder
def export(root: Path, form: str, *, inferred: bool) -> None:
    """Write the whole graph to standard output.

    The same data always gives the same bytes. The format sssom contains only the mappings.
    """
    from scs_kg import store
    from scs_kg.judging.project import open_guarded, open_judged

    dataset = (open_judged if inferred else open_guarded)(root)
    if form == "sssom":
        from scs_kg.exchange.sssom import mappings_table

        write(mappings_table(dataset))
        return
    if inferred:
        from scs_kg.judging.timeline import publish_verdict_periods
        from scs_kg.release.ontology_documents import vocabulary_triples
        from scs_kg.store.dataset import add_triples

        publish_verdict_periods(dataset)
        add_triples(dataset, vocabulary_triples(dataset))
    sys.stdout.buffer.write(store.serialize_dataset(dataset, form, inferred=inferred))
