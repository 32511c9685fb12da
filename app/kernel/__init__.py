"""The words that every room shares: money, dates, periods, identifiers, time, errors. Standard library only."""
