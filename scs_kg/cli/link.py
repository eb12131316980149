"""The command ``link``."""

from pathlib import Path

import click

from scs_kg.cli.command import Group, command
from scs_kg.cli.options import output_format, root_folder
from scs_kg.cli.output import write
from scs_kg.cli.param_types import Choice, readable_file

KINDS = ("region", "criterion", "feature", "guideline", "principle", "publisher", "source", "system")


@click.group("link", cls=Group, epilog="Example: scs-kg link suggest CN.txt --format sssom")
def link() -> None:
    """Match regions, criteria, laws and other records with entries of other data sets."""


@command("suggest", "scs-kg link suggest CN.txt --format sssom")
@click.argument("file", metavar="FILE|DATASET")
@click.option("--dataset", metavar="D", help="Data set that a table comes from: geonames, wikidata, gb-t-2260, …")
@click.option("--kind", type=Choice(KINDS), default=KINDS[0], help="Kind of record to match.", show_default=True)
@output_format("text", "json", "sssom", "turtle")
@root_folder
def suggest(file: str, root: Path, dataset: str | None, kind: str, form: str) -> None:
    """Suggest matches for review, from a table or an RDF file.

    CSV and TSV need a header row with names such as iri, wikidata, geonameid, iso3166, gbt2260, name_en, name_zh. With
    --dataset, a column named code or id is enough. GeoNames dumps and RDF files (.ttl, .nt, .jsonld) need no
    preparation. A region matches an entry with the same code, or with the same name in English and in Chinese. If a
    DATASET is given instead of a file, the message names the file to download. The command downloads nothing and
    changes no file.

    Records of other kinds match by words: every word of the English label is in the English name of the entry. For a
    list of incidents, use the columns iri and name_en, and --kind system.
    """
    from scs_kg.exchange.link import suggest as find_matches
    from scs_kg.exchange.link import written
    from scs_kg.judging.project import open_guarded
    from scs_kg.render.link_suggestions import suggestions_text

    found = find_matches(open_guarded(root), readable_file(file) if Path(file).suffix else file, dataset, kind)
    write(suggestions_text(found) if form == "text" else written(found, form))


link.add_command(suggest)
