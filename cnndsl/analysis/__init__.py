"""What can be said of a network without running it. Each analysis is imported by whoever asks for it."""
