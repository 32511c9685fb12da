"""Files in: each layout has a reader that proposes commands, and says what it found row by row."""
