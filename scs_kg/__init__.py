"""Compares social credit systems with AI-ethics guidelines, every mark traceable to clause, claim and source."""

__version__ = "0.1.0"
