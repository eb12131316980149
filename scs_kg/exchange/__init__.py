"""Formats and protocols that other projects define: SSSOM, nanopublications, reconciliation, SHACL reports."""
