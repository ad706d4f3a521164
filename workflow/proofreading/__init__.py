"""Reading the text of pages at the desk: lines typed anew, and what readers suggest about them."""
