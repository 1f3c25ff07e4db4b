"""Template tags of the evaluations."""
