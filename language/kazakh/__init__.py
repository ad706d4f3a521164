"""The forms of Kazakh words: sounds, endings, stems, and the stem that a form belongs to."""
