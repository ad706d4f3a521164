"""What a conversion would lose, carried along in fields 886 and put back."""
