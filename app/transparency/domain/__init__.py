"""The log's own rules, pure: RFC 6962 and RFC 9162 trees, C2SP notes, checkpoints, proofs and tiles."""
