# title: Put what stands aside in the place of a graph, in one step

MOVE GRAPH <https://w3id.org/scs-kg/graph/staging> TO GRAPH <https://w3id.org/scs-kg/graph/target>
