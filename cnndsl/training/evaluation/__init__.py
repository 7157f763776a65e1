"""How good a network is and how fast, and what it says of new samples."""
