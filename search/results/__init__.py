"""What is made of hits, alike for every engine."""
