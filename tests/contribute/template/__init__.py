"""Tests of scs_kg.contribute.template."""
