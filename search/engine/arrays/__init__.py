"""Postings as plain arrays: what an engine in Python searches and writes fast."""
