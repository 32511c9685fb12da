"""Bytes become cells: a gate that judges a file from outside, and a process of its own that reads it."""
