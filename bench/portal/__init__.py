"""How fast the portal answers at the first user's size."""
