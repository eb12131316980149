# title: Replace a graph with the staging graph in one step

MOVE GRAPH <https://w3id.org/scs-kg/graph/staging> TO GRAPH <https://w3id.org/scs-kg/graph/target>
