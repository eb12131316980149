"""The service over HTTP: SPARQL, linked data, a JSON API, reconciliation; the door to the web framework.

The process that speaks HTTP holds no data and runs no query: it asks workers, which can be killed.
"""
