"""Whether everything is still there and still what it was."""
