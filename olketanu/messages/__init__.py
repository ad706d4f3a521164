"""Words for people in Kazakh, Russian and English: a message key and facts become a sentence."""
