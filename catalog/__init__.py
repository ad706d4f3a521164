"""Records and everything that is true of them, as pure functions over values."""
