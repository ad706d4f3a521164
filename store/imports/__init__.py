"""Imported files of records: what came, where it went, what could not be read."""
