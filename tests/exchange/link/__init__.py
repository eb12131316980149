"""Tests of scs_kg.exchange.link."""
