"""The operations of the API, one module per kind of thing. Their docstrings are Chinese: the OpenAPI document shows them."""
