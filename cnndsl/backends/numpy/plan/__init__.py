"""Plans: a graph rewritten, laid out in memory and turned into a flat list of NumPy calls.

    graph --rewrites--> program --places, choose--> algorithms --> calls

``task`` is what is rewritten, ``rewrites`` has a file per rewrite, ``places`` lays out memory, ``choose`` takes an algorithm
for each convolution by its cost, ``algorithms`` has a file per algorithm, ``weights`` keeps what they make of the tensors.
"""
