"""The values that the API speaks of, as attrs classes on top of the generated ones. Nothing here does any I/O."""
