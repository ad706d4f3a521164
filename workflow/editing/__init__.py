"""A person changes a record: the form, what was typed in it, the version that comes of it."""
