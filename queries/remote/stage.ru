# title: Insert triples into the staging graph
# The triples replace the comment below.

INSERT DATA {
  GRAPH <https://w3id.org/scs-kg/graph/staging> {
    # triples
  }
}
