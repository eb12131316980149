"""Tests of scs_kg.store.isolation."""
