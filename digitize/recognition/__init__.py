"""From the pixels of one page to its text."""
