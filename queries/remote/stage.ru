# title: Put triples aside
# The comment below stands for the triples.

INSERT DATA {
  GRAPH <https://w3id.org/scs-kg/graph/staging> {
    # triples
  }
}
