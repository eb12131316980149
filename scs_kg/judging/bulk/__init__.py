"""Judges any number of systems with vectorized code: partitions claims by system, then judges each partition.

There are three stages. A stage is a function that processes one unit and writes one file atomically.
``partition_by_subject`` reads a piece of the input and partitions its rows by claim. ``join_claims`` combines the rows
of each claim and partitions the claims by system. ``partition`` judges the systems of one bucket. Therefore memory use
is bounded, an interrupted run resumes with the units that are missing, and units can run on any machine.
"""
