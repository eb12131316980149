"""The baseline without this project: rdflib, owlrl and pySHACL on the same files, and one SPARQL query."""

from pathlib import Path

from owlrl import DeductiveClosure, OWLRL_Semantics
from pyshacl import validate
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.query import ResultRow

ROOT = Path(__file__).parent.parent.parent
SCS = Namespace("https://w3id.org/scs-kg/ontology#")
SH = Namespace("http://www.w3.org/ns/shacl#")


def main() -> None:
    """Parse, compute the closure, validate and query; print a line for each system and each matching criterion."""
    graph = Graph()
    for folder in ("ontology", "data"):
        for path in sorted((ROOT / folder).rglob("*.ttl")):
            graph.parse(path, format="turtle")
    links = {SCS.Present: SCS.hasFeature, SCS.Absent: SCS.lacksFeature}
    for claim in list(graph.subjects(RDF.type, SCS.Claim)):
        link = links.get(URIRef(str(graph.value(claim, SCS.finding))))
        about, feature = graph.value(claim, SCS.about), graph.value(claim, SCS.feature)
        if link and about and feature:
            graph.add((about, link, feature))
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    shapes = Graph()
    for name in ("conditions.ttl", "criteria.ttl"):
        shapes.parse(ROOT / "ontology" / name, format="turtle")
    for criterion in list(shapes.subjects(RDF.type, SCS.Criterion)):
        shapes.add((criterion, SH.targetClass, SCS.SocialCreditSystem))
    _, report, _ = validate(graph, shacl_graph=shapes)
    assert isinstance(report, Graph)
    question = (Path(__file__).parent / "plain.rq").read_text("utf-8")
    for row in (graph + report).query(question):
        assert isinstance(row, ResultRow)
        print(*row)


if __name__ == "__main__":
    main()
