"""Formats and protocols defined elsewhere: SSSOM, nanopublications, reconciliation, SHACL reports, links."""
