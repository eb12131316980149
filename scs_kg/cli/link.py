"""Commands that link our names to those of other data sets."""

from pathlib import Path

import click

from scs_kg.cli.options import root_folder, write
from scs_kg.store import default_root


@click.group(epilog="Example: scs-kg link suggest CN.txt --format sssom")
def link() -> None:
    """Propose how our regions are called in other data sets."""


@link.command(epilog="Example: scs-kg link suggest CN.txt --format sssom")
@click.argument("file", metavar="FILE|DATASET")
@root_folder
@click.option("--dataset", metavar="D", help="Whose the rows of a table are: geonames, wikidata, gb-t-2260, …")
@click.option("--format", "form", type=click.Choice(["text", "json", "sssom", "turtle"]), default="text")
def suggest(file: str, root: Path | None, dataset: str | None, form: str) -> None:
    """Propose matches between our regions and a table or RDF file of somebody else, for review.

    CSV and TSV need a row of headings, such as iri, wikidata, geonameid, iso3166, gbt2260, name_en, name_zh; a dump of
    GeoNames and RDF (.ttl, .nt, .jsonld) are read as they are. Proposed is what has a code that is known, or the same
    name in English and in Chinese. The name of a DATASET tells which file of it is wanted. Nothing is fetched, and
    nothing is changed.
    """
    from scs_kg.exchange.link import suggest as propose
    from scs_kg.exchange.link import written
    from scs_kg.judging.selection import open_guarded

    write(written(propose(open_guarded(root or default_root()), file, dataset), form))
