"""The Python interface: a loaded knowledge graph, and results that convert to data frames."""
