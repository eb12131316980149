"""Contributed files: read, checked, and written into the data."""
