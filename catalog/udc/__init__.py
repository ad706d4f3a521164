"""Universal Decimal Classification: notation, table, suggestions."""
