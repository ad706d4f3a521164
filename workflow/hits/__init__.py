"""What hits of a search lead to, on its way out: lists, records, citations, tables."""
