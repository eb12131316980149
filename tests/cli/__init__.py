"""Tests of scs_kg.cli."""
