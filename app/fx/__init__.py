"""Exchange rates and conversion: a missing rate is an error, never a silent fallback."""
