"""What recording against the real API needs besides the tests: a server of its own, for as long as it takes."""
