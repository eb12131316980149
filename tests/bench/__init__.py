"""Benchmarks, run by hand; they do not assert any time."""
