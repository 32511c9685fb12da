"""Figures that can be cited: a permanent address says what was asked, when, and what the answer was (decision 29)."""
