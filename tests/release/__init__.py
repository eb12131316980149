"""Tests of scs_kg.release."""
