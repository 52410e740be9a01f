"""How fast the product is, as ratios against a reference measured in the same run: `python -m benchmarks [NAME ...]`.

Each module is one benchmark with a function `run(sizes, place)`; docs/performance.md says what was measured.
"""
