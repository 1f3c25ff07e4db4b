"""Pages of reporting: permission, form, one call, response."""
