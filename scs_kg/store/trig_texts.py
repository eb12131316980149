"""Writes TriG from the texts of subjects, so that a record in many documents is serialized only once."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from scs_kg.model.namespaces import PREFIXES
from scs_kg.store.language_tags import with_usual_tags
from scs_kg.store.prefix_declarations import occurring

_SUBJECT: Final = re.compile(r"^(?=\t[^\t])", re.MULTILINE)
"""Matches the start of the lines of a subject; the serializer writes no line break in a literal."""


class SubjectText(NamedTuple):
    """The triples of a subject as lines of TriG in a graph.

    ``subject`` is the N-Triples text of the subject; the subjects of a graph are sorted by this text. ``prefixes`` has
    the prefixes that occur in the lines, with their colons, and other words before a colon.
    """

    subject: str
    lines: str
    prefixes: frozenset[str]


def graph_texts(graphs: Mapping[str, Iterable[Triple]], names: Mapping[str, str]) -> dict[str, list[SubjectText]]:
    """Return the texts of the subjects of some graphs, under the keys of the graphs.

    ``names`` maps prefixes to IRIs, in addition to the prefixes of the project.
    """
    found = {key: sorted(set(triples), key=str) for key, triples in graphs.items()}
    names_of_graphs = [NamedNode(f"graph:{number}") for number in range(len(found))]
    quads = (
        Quad(t.subject, t.predicate, t.object, graph)
        for graph, group in zip(names_of_graphs, found.values(), strict=True)
        for t in group
    )
    prefixes = {**PREFIXES, **names}
    written = with_usual_tags(serialize(quads, format=RdfFormat.TRIG, prefixes=prefixes) or b"", turtle=True).decode()
    bodies = iter(written.split("}\n"))  # only the last line of a graph ends in a brace

    def texts(triples: Iterable[Triple]) -> list[SubjectText]:
        subjects = dict.fromkeys(str(triple.subject) for triple in triples)
        every = _SUBJECT.split(next(bodies))[1:] if subjects else []  # an empty graph is not written
        return [
            SubjectText(subject, lines, frozenset(occurring(lines, "_/")))
            for subject, lines in zip(subjects, every, strict=True)
        ]

    return {key: texts(triples) for key, triples in found.items()}


def trig(graphs: Mapping[str, Iterable[SubjectText]], names: Mapping[str, str]) -> str:
    """Return graphs, keyed by their name with a prefix, as TriG in the given order; each subject occurs once."""
    found = {graph: sorted(set(texts)) for graph, texts in graphs.items()}
    used = occurring(" ".join(found), "_/").union(*(text.prefixes for texts in found.values() for text in texts))
    prefixes = {**PREFIXES, **names}.items()
    head = sorted(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes if f"{prefix}:" in used)
    bodies = (f"{graph} {{\n{''.join(text.lines for text in texts)}}}\n" for graph, texts in found.items())
    return "".join([*head, *bodies])
