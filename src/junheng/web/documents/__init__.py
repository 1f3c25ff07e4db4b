"""Documents of a run, made in the background, each with a code that tells whether it belongs to the run."""
