"""What is read, what is proposed, and what is found: pure values that every layout shares."""
