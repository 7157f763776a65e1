"""How other frameworks write what is written here: their names and signatures as tables, and calls put into our words.

To teach another spelling, add a line to the tables of ``names`` or ``layers``. ``python`` reads statements that Python can
read, ``words`` says what a word means elsewhere and reads calls in our own form, ``settings`` reads those of training.
"""
