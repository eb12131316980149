"""Writes matrices, explanations and answers for people and for programs; decides nothing."""
