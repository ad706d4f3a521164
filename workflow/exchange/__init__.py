"""Records of other systems: imported, compared three ways, undone, exported."""
