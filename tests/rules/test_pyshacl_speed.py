"""Other callers of pySHACL in the same process get the same texts and results as before."""

import pyshacl
import pytest
from rdflib import Graph

from scs_kg.rules.engines import run_reference
from tests.rules.test_engines import SHAPE, ntriples

DATA = ntriples(":a :p :b .")


@pytest.mark.parametrize("advanced", [False, True])
def test_other_callers_get_descriptions_in_every_mode(advanced: bool) -> None:
    (found,) = run_reference(DATA, SHAPE)
    data, shapes = (Graph().parse(data=text, format="nt") for text in (DATA, SHAPE))
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, advanced=advanced)
    assert not conforms
    assert f"Message: {found.message}" in text
    assert "Focus Node: <urn:a>" in text
