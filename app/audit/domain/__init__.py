"""What must hold of a ledger at rest, pure: rows come in, faults come out."""
