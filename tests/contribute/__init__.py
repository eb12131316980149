"""Tests of scs_kg.contribute."""
