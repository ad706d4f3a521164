"""Is this the same work? A plain, explained comparison of two descriptions."""
