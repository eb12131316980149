"""Describes the links of a release as VoID linksets, one for each target data set and kind of match, with counts."""

import re
from collections import Counter
from collections.abc import Iterator

from scs_kg.model.namespaces import BASE, local_id
from scs_kg.release.triples import iri, triple, typed
from scs_kg.store import Dataset, Literal, NamedNode, Triple, query_library
from scs_kg.store.query_library import row_text


def linksets(dataset: Dataset, release: str) -> Iterator[Triple]:
    """Yield the linksets of a dataset (VoID, W3C Interest Group Note 2011-03-03, section 5)."""
    rows = query_library.rows(dataset, "mappings")
    counts = Counter((row_text(row, "in"), row_text(row, "predicate")) for row in rows)
    for (name, predicate), links in sorted(counts.items()):
        target = f"{release}#target-" + re.sub(r"\W+", "-", name.casefold())
        linkset = f"{target}-{local_id(predicate)}".replace("#target-", "#links-")
        yield triple(BASE, "void:subset", NamedNode(linkset))
        yield triple(linkset, "rdf:type", iri("void:Linkset"))
        yield triple(linkset, "void:subjectsTarget", NamedNode(BASE))
        yield triple(linkset, "void:objectsTarget", NamedNode(target))
        yield triple(linkset, "void:linkPredicate", NamedNode(predicate))
        yield triple(linkset, "void:triples", typed(str(links), "integer"))
        yield triple(target, "rdf:type", iri("void:Dataset"))
        yield triple(target, "dcterms:title", Literal(name, language="en"))
