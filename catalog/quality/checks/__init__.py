"""The named checks that rules are made of."""
