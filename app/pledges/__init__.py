"""Pledges, their movements, and the postings they make: the heart of the ledger."""
