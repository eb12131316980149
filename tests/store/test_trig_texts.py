"""TriG composed of the texts of subjects equals the TriG that the serializer writes for the same graphs."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store.trig_texts import graph_texts, trig

NAMES = {"this": f"{BASE}this#"}
IRIS = st.sampled_from(
    [f"{BASE}this#head", f"{BASE}claim/a", f"{BASE}claim/a-result", f"{BASE}claim/a/b", "https://example.org/a"]
).map(NamedNode)
TEXTS = st.text(st.sampled_from('a: claim:src:\n\t"}{\\\u2028汉/_-@.')).map(Literal)
TAGGED = st.sampled_from([Literal("a}", language="en"), Literal("公", language="zh-hans"), Literal(1)])
GRAPHS = st.dictionaries(
    st.sampled_from(["head", "assertion", "provenance"]),
    st.lists(st.builds(Triple, IRIS, IRIS, st.one_of(IRIS, TEXTS, TAGGED)), min_size=1),
)


@given(GRAPHS)
def test_the_texts_of_graphs_are_what_the_serializer_writes(graphs: dict[str, list[Triple]]) -> None:
    quads = [
        Quad(t.subject, t.predicate, t.object, NamedNode(f"{BASE}this#{name}"))
        for name, triples in graphs.items()
        for t in sorted(set(triples), key=str)
    ]
    whole = serialize(quads, format=RdfFormat.TRIG, prefixes={**PREFIXES, **NAMES}) or b""
    texts = graph_texts({f"this:{name}": triples for name, triples in graphs.items()}, NAMES)
    written = trig(texts, NAMES)
    body = "".join(line for line in written.splitlines(keepends=True) if not line.startswith("@prefix "))
    expected = "".join(line for line in whole.decode().splitlines(keepends=True) if not line.startswith("@prefix "))
    assert body == expected.replace("@zh-hans", "@zh-Hans")
    assert set(parse(written.encode(), format=RdfFormat.TRIG)) == set(quads)


@given(GRAPHS, GRAPHS)
def test_texts_of_several_graphs_are_merged_by_subject(
    first: dict[str, list[Triple]], second: dict[str, list[Triple]]
) -> None:
    one, two = ([t for triples in graphs.values() for t in triples] for graphs in (first, second))
    two = [t for t in two if t.subject not in {other.subject for other in one}]
    apart = graph_texts({"one": one, "two": two, "none": []}, NAMES)
    assert not apart["none"]
    assert trig({"this:head": [*apart["two"], *apart["one"], *apart["two"]]}, NAMES) == trig(
        {"this:head": graph_texts({"both": [*one, *two]}, NAMES)["both"]}, NAMES
    )
