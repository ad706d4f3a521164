"""What the store asks of the disk: files made real, masters, owners, space, fixity."""
