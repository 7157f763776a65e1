"""The command line: reads files, prints, sets exit codes. No logic."""
