"""A problem with a node of the dataset, with its position in the files."""

from scs_kg.model.namespaces import curie
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset
from scs_kg.store.locate import locate


def problem_at(dataset: Dataset, node: str, predicate: str | None, message: str, rule: str) -> Problem:
    """Return a violation at the line of a predicate of a node, or at the node if the predicate is not found."""
    file, line = locate(dataset, node, predicate)
    name = "a blank node" if node.startswith("_:") else curie(node)
    return Problem(str(file or dataset.root), line, name, message, rule)
