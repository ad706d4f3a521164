"""Our pipeline beside OCRmyPDF on the same generated pages."""
