"""The append-only record: entries in commit order, one lock, idempotency. Knows nothing of what is recorded."""
