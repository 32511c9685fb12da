"""Checks an exported ledger offline: a second implementation that shares no code with the one that wrote it.

Standard library and ``cryptography`` only; import rules in ``pyproject.toml`` keep it so. Whoever does not trust the
operator reads these few files, copies the folder, and runs ``python -m verifier``.
"""
