"""Validates datasets with SHACL engines, and reads criteria from shapes."""
