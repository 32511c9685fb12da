"""Totals over time: what the postings add up to, in one currency or in their own."""
