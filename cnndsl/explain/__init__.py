"""What is said of broken texts: the one package that explains, imported by ``api`` and ``cli`` alone."""
