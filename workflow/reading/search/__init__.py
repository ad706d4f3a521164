"""What the search room shows: a reader's question, and the page of results."""
