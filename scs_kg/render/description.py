"""The page of one IRI, for people, and the description of the service as Turtle."""

from scs_kg.model.namespaces import BASE, curie
from scs_kg.model.version import __version__
from scs_kg.render.document_templates import template
from scs_kg.store.dataset import DatasetStatistics
from scs_kg.store.describe import Description


def page(found: Description, home: str = "") -> str:
    """Return the description of an IRI as HTML; IRIs of the project link to their pages below the path ``home``."""

    def href(iri: str) -> str:
        if iri.startswith(BASE):
            return home + "/" + iri.removeprefix(BASE)
        return iri if iri.startswith(("https://", "http://")) else ""

    return template("description.html.j2").render(d=found, href=href, curie=curie)


def service(found: DatasetStatistics, url: str) -> str:
    """Return the description of the service at a URL (SPARQL 1.1 Service Description) and of its dataset (VoID)."""
    parts = {name: sorted(getattr(found, name).items()) for name in ("graphs", "properties", "classes")}
    sizes = {"triples": found.triples, "subjects": found.subjects}
    return template("service.turtle.j2").render(**parts, **sizes, url=url, base=BASE, version=__version__)
