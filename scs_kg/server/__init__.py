"""The HTTP service: SPARQL, linked data, a JSON API, reconciliation and the explorer.

The HTTP process reads requests and runs no query. The HTTP process sends jobs to worker processes, which can be killed
at a limit. The matching row of the table of routes defines how a request is read, and which task answers it in a
worker.
"""
