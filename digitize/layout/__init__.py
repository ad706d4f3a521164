"""What stands where on a page, and which blocks make an article."""
