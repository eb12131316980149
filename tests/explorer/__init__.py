"""Tests of scs_kg.explorer."""
