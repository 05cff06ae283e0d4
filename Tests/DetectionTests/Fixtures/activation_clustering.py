"""Writes activation_clustering.txt: features, labels, and their scores by activation clustering with NumPy.

    python3 activation_clustering.py > activation_clustering.txt

A line is a sample: its label, its scores of the six settings (pca and ica, each with silhouette, distance,
size), its features. The clusters are the best of all ways to divide a class into two. Class 0 has a group of
outliers, class 1 fewer samples than features, class 2 a single sample, class 3 equal samples.
"""
import itertools

import numpy

LENGTH, COMPONENTS = 6, 2
random = numpy.random.default_rng(15)
features = {
    0: random.normal(size=(9, LENGTH)),
    1: random.normal(size=(5, LENGTH)),
    2: random.normal(size=(1, LENGTH)),
    3: numpy.repeat(random.normal(size=(1, LENGTH)), 3, axis=0),
}
features[0][6:] += 5 * random.normal(size=LENGTH)


def clusters(points):
    """The two clusters with the least sum of squared distances from their means."""
    best = (numpy.inf, None)
    for rest in itertools.product([0, 1], repeat=len(points) - 1):
        assignment = numpy.array((0,) + rest)
        if assignment.sum() == 0:
            continue
        inertia = sum(((points[assignment == k] - points[assignment == k].mean(0)) ** 2).sum()
                      for k in range(2))
        if inertia < best[0]:
            best = (inertia, assignment)
    return best[1]


def scores(rows, whiten):
    zeros = [numpy.zeros(len(rows))] * 3
    centred = rows - rows.mean(0)
    if len(rows) < 2 or numpy.abs(centred).max() < 1e-9:
        return zeros
    u, s, _ = numpy.linalg.svd(centred, full_matrices=False)
    points = (u * s)[:, :COMPONENTS]
    if whiten:
        points = points / numpy.sqrt((points ** 2).mean(0))
    assignment = clusters(points)
    ones = assignment.sum()
    small = 1 if 2 * ones < len(rows) else 0
    assert 2 * ones != len(rows)
    centres = numpy.stack([points[assignment == k].mean(0) for k in range(2)])
    distances = numpy.linalg.norm(points[:, None] - centres[None], axis=2)
    own = distances[numpy.arange(len(rows)), assignment]
    other = distances[numpy.arange(len(rows)), 1 - assignment]
    silhouette = ((other - own) / numpy.maximum(own, other)).mean()
    distance = (distances[:, 1 - small] - distances[:, small]) / distances.sum(1)
    sizes = numpy.array([len(rows) - ones, ones])
    return [silhouette * distance, distance, 1 - sizes[assignment] / len(rows)]


lines = []
for label, rows in features.items():
    rows = rows.astype(numpy.float32)
    columns = [column for whiten in [False, True] for column in scores(rows.astype(numpy.float64), whiten)]
    for index, row in enumerate(rows):
        lines.append(" ".join([str(label)] + [repr(float(column[index])) for column in columns]
                              + [str(value) for value in row]))
for place in random.permutation(len(lines)):
    print(lines[place])
