"""Long work in the background, with progress, that survives the death of its worker."""
