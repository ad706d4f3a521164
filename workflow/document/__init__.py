"""What is done with one document: shown, amended, its text taken out and in."""
