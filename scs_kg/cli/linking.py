"""Commands that link our regions to other data sets."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from scs_kg.cli.options import root_folder, terminal, write


@click.group(epilog="Example: scs-kg link suggest places.csv")
def link() -> None:
    """Link our regions to those of another data set."""


@link.command(epilog="Example: scs-kg link suggest places.csv --format turtle > proposed.ttl")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", metavar="NAME", help="What the data set is called; by default the name of the file.")
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True)
@root_folder
def suggest(file: Path, source: str | None, form: str, root: Path | None) -> None:
    """Propose which places of another data set our regions are, by code or by name in both languages.

    FILE is a table (.csv, .tsv) with a column iri and any of name, name_zh, gbt2260, iso3166, geonames and wikidata; a
    dump of GeoNames (.txt); or RDF (.ttl, .nt, .nq, .trig, .jsonld). Nothing is written into the data: --format turtle
    prints links for review, in the form of those in data/links.
    """
    from scs_kg.link import as_turtle, read_outside
    from scs_kg.link import suggest as match
    from scs_kg.render.links import suggestions_table
    from scs_kg.render.pages import as_text
    from scs_kg.selection import open_guarded
    from scs_kg.store import default_root

    found = match(open_guarded(root or default_root()), read_outside(file))
    if form == "json":
        write(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")
    elif form == "turtle":
        write(as_turtle(found, source or file.stem, file.name))
    else:
        write(as_text(suggestions_table(found), terminal()))
