"""Fits the heads of the cues and writes the version that a server opens.

The features come from the program that measures them in the server
(`//tests/bench:cues --features`), of made-up clips and of the train part's real
ones. A head is a logistic function, fitted as if a cue were as often there as
not; the one of `hidden_camera` adds what the cues say, and no cue alone reaches
one half.

    heads.py --nets FOLDER --features FILE... --seed 1 --out VERSION
"""

import argparse
import hashlib
import pathlib

import numpy as np
import torch

import look
import module
import text_finder
import text_reader

PENALTY = 1.0  # On the squares of weights of standardised features.
REAL = 3.0  # What a real clip counts, beside a made-up one.
MARGIN = 0.5  # By how much in log-odds a single cue stays below one half.


def read(files):
    """Labels (nan where unknown), features and weights of all clips."""
    labels, features, weights = [], [], []
    for number, file in enumerate(files):
        for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines():
            _, _, known, values = line.split("\t")
            labels.append([float(field) if field else np.nan
                           for field in known.split(",")[:len(module.CUES) + 1]])
            features.append([float(value) for value in values.split(",")])
            weights.append(1.0 if number == 0 else REAL)
    return np.array(labels), np.array(features), np.array(weights)


def balanced(truth, weights):
    """Weights with as much on either side, of mean 1."""
    weights = weights.copy()
    for side in (0.0, 1.0):
        weights[truth == side] /= weights[truth == side].sum()
    return weights * len(truth) / 2


def fit(x, truth, weights):
    """Logistic regression by Newton's method: weights and bias."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    rows = np.hstack([(x - mean) / spread, np.ones([len(x), 1])])
    penalty = np.diag([PENALTY] * x.shape[1] + [1e-3])
    w = np.zeros(rows.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ w))
        slope = rows.T @ (weights * (p - truth)) + penalty @ w
        bend = (rows * (weights * p * (1 - p))[:, None]).T @ rows + penalty
        w -= np.linalg.solve(bend, slope)
    return w[:-1] / spread, w[-1] - (w[:-1] / spread) @ mean


def fit_hidden(signs, truth, weights):
    """What each cue adds, bias last; none is negative, and none alone is enough.

    A cue adds a share of what would bring it to MARGIN below one half.
    """
    shares, bias = np.full(signs.shape[1], 0.8), -3.0
    for _ in range(20000):
        most = -bias - MARGIN
        total = signs @ shares
        error = weights * (1 / (1 + np.exp(-(bias + most * total))) - truth) / len(truth)
        shares = np.clip(shares - 0.05 * most * (signs.T @ error), 0.0, 1.0)
        bias = min(bias - 0.05 * (error @ (1 - total)), -2 * MARGIN)
    return np.append(shares * (-bias - MARGIN), bias)


def heads(labels, features, weights):
    """The matrices of module.CueModule."""
    matrix = np.zeros([len(module.CUES), len(module.FEATURES)])
    bias = np.zeros(len(module.CUES))
    for row, cue in enumerate(module.CUES):
        columns = [module.FEATURES.index(name) for name in module.HEADS[cue]]
        known = ~np.isnan(labels[:, row])
        truth = labels[known, row]
        matrix[row, columns], bias[row] = fit(
            features[known][:, columns], truth, balanced(truth, weights[known]))
        print(f"{cue}: " + ", ".join(f"{name} {matrix[row, column]:+.3f}" for name, column
                                     in zip(module.HEADS[cue], columns)) +
              f", bias {bias[row]:+.3f}; {int(truth.sum())} of {len(truth)} clips")
    p = 1 / (1 + np.exp(-(features @ matrix.T + bias)))
    stands = features[:, module.FEATURES.index("clock_runs")] < 0
    signs = np.maximum(0, 2 * p - 1)  # This and the next as the module has it.
    signs[stands, module.CUES.index("timestamp_overlay")] = 0
    known = ~np.isnan(labels[:, -1])
    truth = labels[known, -1]
    hidden = fit_hidden(signs[known], truth, balanced(truth, weights[known]))
    print(f"{module.HIDDEN}: " + ", ".join(f"{cue} {weight:+.2f}" for cue, weight in
                                          zip(module.CUES, hidden)) + f", bias {hidden[-1]:+.2f}")
    return matrix, bias, hidden


def networks(folder):
    return (look.load(folder / "look.pt"), text_finder.load(folder / "text_finder.pt"),
            text_reader.load(folder / "text_reader.pt"))


def write(folder, scripted, facts):
    """model.pt and its MANIFEST, whose first line `sha256sum -c` takes."""
    folder.mkdir(parents=True)
    scripted.save(str(folder / "model.pt"))
    digest = hashlib.sha256((folder / "model.pt").read_bytes()).hexdigest()
    lines = [f"{digest}  model.pt", *facts]
    (folder / "MANIFEST").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nets", required=True, type=pathlib.Path)
    parser.add_argument("--features", nargs="*", default=[],
                        help="of made-up clips, then of real ones; none: no heads yet")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    options = parser.parse_args()
    size = len(module.CUES), len(module.FEATURES)
    matrix, bias, hidden = np.zeros(size), np.zeros(size[0]), np.zeros(size[0] + 1)
    facts = []
    if options.features:
        labels, features, weights = read(options.features)
        matrix, bias, hidden = heads(labels, features, weights)
        facts = [f"seed {options.seed}", f"heads fitted on {len(labels)} clips, of which real "
                 f"{int((weights == REAL).sum())}"]
    scripted = module.assemble(*networks(options.nets), *(
        torch.from_numpy(values) for values in (matrix, bias, hidden)))
    write(options.out, scripted, facts)


if __name__ == "__main__":
    main()
