"""Requests of governments to their parliaments: what was asked, what became of it, what pends."""
