"""What each provider's messages look like and are proven by: pure rules alone."""
