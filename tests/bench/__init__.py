"""Measurements that people run by hand; they assert no time."""
