"""What the reading room shows: values made of the store and the home, for one who may see them."""
