# title: Take a graph away, if it is there

DROP SILENT GRAPH <https://w3id.org/scs-kg/graph/target>
