"""The HTTP service: SPARQL, linked data, a JSON API, reconciliation and the explorer.

The HTTP process reads requests and runs no query. It sends jobs to worker processes, which can be killed at a limit.
A request is read by its row in the table of routes, and answered in a worker by the task of the same row.
"""
