"""Nouns, errors, prefixes and three-valued formulas; standard library only."""
