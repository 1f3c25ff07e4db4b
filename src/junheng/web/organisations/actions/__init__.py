"""All writes to the tree of organisations."""
