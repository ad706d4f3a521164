"""Citations for reference managers: BibTeX, RIS, CSL-JSON."""
