"""What lies between a generated function and the wire; it knows neither the facade nor its values."""
