"""Full-text search: analysis, query, engines, indexing."""
