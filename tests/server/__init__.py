"""Tests of scs_kg.server."""
