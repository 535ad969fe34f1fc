"""What recording against the real API needs in addition to the tests: its own server, for the time of the recording."""
