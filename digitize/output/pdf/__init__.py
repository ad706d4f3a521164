"""The PDFs of a document: pages as layers, invisible text, what a file says of itself."""
