"""A fictional county for first steps, tests and benchmarks: seeded, believable, with faults that can be planted in it."""
