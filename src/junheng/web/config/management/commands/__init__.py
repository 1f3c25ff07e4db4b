"""`junheng manage …`."""
