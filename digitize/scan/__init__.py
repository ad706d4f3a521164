"""What a scanned file is: its type, its frames, its pixels, and why it is refused."""
