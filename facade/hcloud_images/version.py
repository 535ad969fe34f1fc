"""The version, in the one place that it stands."""

__version__ = "0.1.0"
