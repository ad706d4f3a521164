"""Commands over catalogue records: ``olketanu record …``."""
