"""Exchange formats in and out: ISO 2709 and MARCXML."""
