"""RUSMARC to MARC 21 and back without loss: one table, rules of single fields, carrier 886."""
