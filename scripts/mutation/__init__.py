"""Changes one thing at a time, in cassettes and in the facade, and counts what the contract tests notice."""
