"""Rows of the catalogue: records, their links, findings and corrections."""
