"""Compares two editions of the data: records, verdicts and cells."""
