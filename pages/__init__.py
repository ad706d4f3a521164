"""What a page says: PageText and its stored forms."""
