"""Selects claims, derives evidence from them, and judges systems: verdicts, cells and matrices."""
