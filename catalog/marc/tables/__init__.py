"""Records as rows of a table: columns of the library's own, CSV and XLSX."""
