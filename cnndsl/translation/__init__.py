"""How other frameworks write what is written here: their names and signatures as tables, and calls put into our words.

Messages and the importer use it. To teach another spelling, add a line to the tables of ``names``, ``layers`` or ``training``;
``meaning`` says what a word means elsewhere.
"""
