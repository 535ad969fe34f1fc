"""Everything between a generated function and the wire; knows neither the facade nor the values."""
