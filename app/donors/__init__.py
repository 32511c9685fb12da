"""Who pays: countries and institutions, spellings met elsewhere, and groups with their dates."""
