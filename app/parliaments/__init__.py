"""What parliaments publish about their own bills comes in: files become actions, and say which state each led to."""
