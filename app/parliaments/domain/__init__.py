"""What parliaments report, and what it means: codes, wordings, the course of a bill. Pure."""
