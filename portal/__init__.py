"""What readers and staff meet in a browser."""
