"""
DECIDE whether this principal may do this to that.

Read in this order: `document` (the text), `validate` (what may be stored), `evaluate` (compiled once), `decide` (asked
often), `explain` (in AWS's words). Pure functions of their arguments: no database, no socket, no clock.
"""
