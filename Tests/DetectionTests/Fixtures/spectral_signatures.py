"""Writes spectral_signatures.txt: features, labels, and their spectral signatures by NumPy's SVD.

    python3 spectral_signatures.py > spectral_signatures.txt

A line is a sample: its label, its score, its features. Class 0 has more samples than features and a group
of outliers, class 1 fewer samples than features, class 2 a single sample, class 3 equal samples.
"""
import numpy

LENGTH = 6
random = numpy.random.default_rng(8)
features = {
    0: random.normal(size=(12, LENGTH)),
    1: random.normal(size=(4, LENGTH)),
    2: random.normal(size=(1, LENGTH)),
    3: numpy.repeat(random.normal(size=(1, LENGTH)), 3, axis=0),
}
features[0][9:] += 3 * random.normal(size=LENGTH)

lines = []
for label, rows in features.items():
    rows = rows.astype(numpy.float32)
    centred = rows.astype(numpy.float64)
    centred -= centred.mean(axis=0)
    direction = numpy.linalg.svd(centred, full_matrices=False)[2][0]
    for row, score in zip(rows, (centred @ direction) ** 2):
        # The shortest decimals that are the same number in single precision.
        lines.append(" ".join([str(label), repr(float(score))] + [str(value) for value in row]))
# Classes mixed, as in a training set.
for place in random.permutation(len(lines)):
    print(lines[place])
