"""Exchange formats in and out, one door for all of them, and the dialects of other systems."""
