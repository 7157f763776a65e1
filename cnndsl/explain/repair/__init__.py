"""The cheapest change of a text's tokens after which it can be read, and the words for it."""
