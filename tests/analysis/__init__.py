"""Tests of scs_kg.analysis."""
