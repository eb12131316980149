"""A triple that occurs twice in the data counts once, so that a check need not remove repeated triples."""

from scs_kg.rules.engines import Engine
from tests.rules.test_engines import ENGINES, ntriples

AT_MOST_ONE = ntriples(
    ':s a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 1 ] ; sh:sparql [ sh:select """'
    'SELECT $this (COUNT(?b) AS ?value) WHERE { $this <urn:p> ?b } GROUP BY $this HAVING (COUNT(?b) > 1)""" ] .'
)


@ENGINES
def test_a_repeated_triple_changes_nothing(engine: Engine) -> None:
    one, other = ntriples(":a :p 'b' ."), ntriples(":a :p 'c' .")
    assert engine(one + one, AT_MOST_ONE) == engine(one, AT_MOST_ONE) == []
    assert len(engine(one + other, AT_MOST_ONE)) == 2
