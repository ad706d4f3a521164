"""Links between scans and records, as cards of the desk decide them."""
