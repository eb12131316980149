"""Tests of scs_kg.render."""
