"""The version of code, ontology and data; they share one number."""

__version__ = "0.1.0"
