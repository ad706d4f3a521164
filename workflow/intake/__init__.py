"""From files in a batch folder to masters, documents and pages."""
