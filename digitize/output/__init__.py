"""What readers get of a document: searchable PDF, METS, images for the web."""
