"""Checks a live ledger against itself: every table is what the entries say, and the entries are what was signed."""
