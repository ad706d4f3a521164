"""Character sets: which one a file is in, by what its bytes say, and the text that they hold."""
