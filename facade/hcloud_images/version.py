"""The version, in the one place that it stands."""

__version__ = "0.1.0"

__all__ = ["__version__"]
