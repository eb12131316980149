"""Reads contributed files, checks them, and writes them into the data."""
