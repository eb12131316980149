"""Tests of scs_kg.rules."""
