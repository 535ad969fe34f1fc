"""Between a generated function and the wire."""
