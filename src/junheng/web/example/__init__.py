"""The example county on the platform: its tree, its people, its years. For `make demo`, benchmarks and tests."""
