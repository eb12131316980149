# title: Drop a graph if it exists

DROP SILENT GRAPH <https://w3id.org/scs-kg/graph/target>
