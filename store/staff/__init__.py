"""Members of staff and their sessions."""
