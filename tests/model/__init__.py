"""Tests of scs_kg.model."""
