"""SHACL engines, and criteria read from shapes."""
