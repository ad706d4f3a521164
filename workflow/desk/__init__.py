"""The desk: cards that wait for a person, what the person does with them, and taking it back."""
