"""Records and texts compared: what differs, which side changed, word by word."""
