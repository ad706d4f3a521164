"""The sample batch: texts of our own, typeset, worn and written with exact truth."""
