"""RDF storage: load, serialize and query a dataset, and its terms.

Callers import all other functions from the modules of this package.
"""

from scs_kg.store.dataset import Dataset, has_triple, objects, run_query, subject_objects, subjects
from scs_kg.store.loading import default_root, load, load_ontology
from scs_kg.store.parse import parse_triples
from scs_kg.store.serialize import canonical_ntriples, serialize_dataset, serialize_result
from scs_kg.store.terms import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResult,
    QuerySolutions,
    QueryTriples,
    Term,
    Triple,
    text,
)

__all__ = [
    "BlankNode",
    "Dataset",
    "Literal",
    "NamedNode",
    "QueryResult",
    "QuerySolutions",
    "QueryTriples",
    "Term",
    "Triple",
    "canonical_ntriples",
    "default_root",
    "has_triple",
    "load",
    "load_ontology",
    "objects",
    "parse_triples",
    "run_query",
    "serialize_dataset",
    "serialize_result",
    "subject_objects",
    "subjects",
    "text",
]
