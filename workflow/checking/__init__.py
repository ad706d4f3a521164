"""Checking of records: findings kept in the catalogue, repairs accepted by people."""
