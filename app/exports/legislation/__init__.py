"""The legislation workbook: what is pending, and what became of all requests."""

from app.exports.legislation.gathering import build_legislation, gather_legislation

__all__ = ["build_legislation", "gather_legislation"]
