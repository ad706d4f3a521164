"""What is done with one record: shown, described, classified, matched, drafted, linked."""
