"""Checks of records: schemas, rules, findings with their proposed repairs."""
