"""Explains cells, and computes which claims would change or decide them."""
