"""A batch as the librarian gives it: folder, sheet, and what is wrong with them."""
