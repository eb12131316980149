"""The differences between two editions of the data."""
