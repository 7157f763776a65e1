"""Lines pasted from other frameworks: statements that Python can read, calls in our own form, and settings of training."""
