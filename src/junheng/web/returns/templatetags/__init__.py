"""Tags of the pages of returns."""
