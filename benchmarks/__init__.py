"""Benchmark suites: one file a suite, one runner.  Installed as `neurosym_benchmarks`."""
