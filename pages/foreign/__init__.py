"""Page text that other programs recognised, as ALTO of any version or hOCR."""
