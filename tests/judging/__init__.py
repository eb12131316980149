"""Tests of scs_kg.judging."""
