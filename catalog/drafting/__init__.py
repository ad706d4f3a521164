"""From the elements found on a page or in a manifest row to a draft record with evidence."""
