"""Who is calling: API keys, what they look like, how they are checked, and the roles they carry."""
