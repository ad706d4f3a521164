"""From a scan to page text and a searchable PDF."""
