"""``olketanu search``: what was asked, and everything that is shown of the answer."""
