"""Figures out: gathered, laid out by a report, and delivered as a file."""
