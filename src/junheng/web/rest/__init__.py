"""The HTTP API for programs, with the same rights as the pages."""
