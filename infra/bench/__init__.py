"""The benchmarks: how fast the real code is, each against a bare baseline on the same servers in the same run."""
