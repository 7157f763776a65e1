"""The folder of one training: who writes it, what is kept in it, and how a training goes on from it."""
