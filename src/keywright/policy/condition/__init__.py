"""The Condition element: every operator of the language, compiled to a test of the request's context."""
