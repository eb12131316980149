"""Tests of scs_kg.library."""
