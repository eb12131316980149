"""A store for rdflib that has one graph and each term once, which pySHACL reads faster than rdflib's own store.

rdflib's own store looks up the graphs of each triple, and compares the texts of equal terms that are different objects.
"""

from collections.abc import Generator, Iterator
from typing import Any

from rdflib.plugins.stores.memory import SimpleMemory

Triple = tuple[Any, Any, Any]
Index = dict[Any, dict[Any, dict[Any, None]]]


class OneGraphStore(SimpleMemory):
    """An rdflib store of one graph. pySHACL demands a store that is aware of graphs."""

    context_aware = True
    graph_aware = True

    def __init__(self, configuration: str | None = None, identifier: Any = None) -> None:
        super().__init__(configuration, identifier)
        self._graph: Any = None
        self._size = 0
        self._terms: dict[Any, Any] = {}
        self._by_subject: Index = {}
        self._by_predicate: Index = {}
        self._by_object: Index = {}

    def add(self, triple: Triple, context: Any, quoted: bool = False) -> None:
        """Add a triple, with the same objects for the same terms."""
        s, p, o = (self._terms.setdefault(term, term) for term in triple)
        found = self._by_subject.setdefault(s, {}).setdefault(p, {})
        if o not in found:
            found[o] = None
            self._by_predicate.setdefault(p, {}).setdefault(o, {})[s] = None
            self._by_object.setdefault(o, {}).setdefault(s, {})[p] = None
            self._size += 1
            self._graph = context

    def remove(self, triple_pattern: Any, context: Any = None) -> None:
        """Remove the triples that match a pattern."""
        for (s, p, o), _ in list(self.triples(triple_pattern)):
            del self._by_subject[s][p][o], self._by_predicate[p][o][s], self._by_object[o][s][p]
            self._size -= 1

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[tuple[Triple, Iterator[Any]]]:
        """Yield the triples that match a pattern, each with its graph."""
        for triple in list(self._matches(*triple_pattern)):
            yield triple, iter((self._graph,))

    def _matches(self, s: Any, p: Any, o: Any) -> Iterator[Triple]:
        if s is not None:
            links = self._by_subject.get(s, {})
            for link in links if p is None else (p,) if p in links else ():
                found = links[link]
                yield from ((s, link, value) for value in (found if o is None else (o,) if o in found else ()))
        elif p is not None:
            values = self._by_predicate.get(p, {})
            for value in values if o is None else (o,) if o in values else ():
                yield from ((subject, p, value) for subject in values[value])
        else:
            for value in self._by_object if o is None else (o,) if o in self._by_object else ():
                for subject, found_links in self._by_object[value].items():
                    yield from ((subject, link, value) for link in found_links)

    def __len__(self, context: Any = None) -> int:
        return self._size

    def contexts(self, triple: Any = None) -> Generator[Any, None, None]:
        """Yield the only graph, if it has had a triple."""
        if self._graph is not None:
            yield self._graph

    def add_graph(self, graph: Any) -> None:
        """Accept the only graph."""

    def remove_graph(self, graph: Any) -> None:
        """Remove all triples."""
        self.remove((None, None, None))
