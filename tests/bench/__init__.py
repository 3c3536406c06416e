"""
Measure Keywright against a bare server and its peers: `python -m tests.bench`, or `make bench`.

Read `__main__` first; what is measured and how is told in `rounds`.
"""
