"""The legislation workbook: what is pending, and what became of all requests."""

from app.exports.legislation.gathering import gather_legislation

__all__ = ["gather_legislation"]
