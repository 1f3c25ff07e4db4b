"""Sample design and estimation of surveys."""
