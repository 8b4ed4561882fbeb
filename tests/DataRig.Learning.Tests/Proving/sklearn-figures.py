#!/usr/bin/python3
"""Counts the figures of 1,000 random cases with scikit-learn (Debian's python3-sklearn) and prints them as CSV.

  sklearn-figures.py > sklearn-figures.csv    what SklearnFiguresTests compares DataRig's figures with
  sklearn-figures.py --check FILE             ends with 1 where scikit-learn now gives others than the file has

The cases are drawn with SplitMix64 from their number, so that the test draws the same ones.
"""
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics

CASES, BETA, MASK = 1000, 2.0, (1 << 64) - 1
warnings.filterwarnings("ignore")


class SplitMix:
    def __init__(self, state):
        self.state = state

    def below(self, count):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % count


def case(number):
    """The truths, and scores that are often equal within a class and never within a frame."""
    draws = SplitMix(number)
    classes, frames = 2 + draws.below(5), 5 + draws.below(60)
    truth, scores = [], []
    for _ in range(frames):
        of = draws.below(classes)
        truth.append(of)
        scores.append([(8 * (draws.below(20) + (draws.below(12) if c == of else 0)) + c) / 256 for c in range(classes)])
    return classes, np.array(truth), np.array(scores)


def figures(number):
    classes, truth, scores = case(number)
    labels, present = list(range(classes)), sorted(set(truth))
    said = scores.argmax(axis=1)
    top2 = 1.0 if classes == 2 else metrics.top_k_accuracy_score(truth, scores, k=2, labels=labels)
    macro = [metrics.precision_score, metrics.recall_score, metrics.f1_score]
    averages = [m(truth, said, labels=present, average="macro", zero_division=0) for m in macro]
    averages.append(metrics.fbeta_score(truth, said, beta=BETA, labels=present, average="macro", zero_division=0))
    roc = [metrics.roc_auc_score(truth == c, scores[:, c]) for c in present] if len(present) > 1 else []
    area = [metrics.average_precision_score(truth == c, scores[:, c]) for c in present]
    one = number % classes
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, said, labels=labels, zero_division=0)
    fbeta = metrics.fbeta_score(truth, said, beta=BETA, labels=labels, average=None, zero_division=0)
    known = one in present
    return [
        metrics.accuracy_score(truth, said), top2, *averages, np.mean(roc) if roc else None, np.mean(area),
        *([precision[one], recall[one], f1[one], fbeta[one]] if known else [None] * 4),
        metrics.roc_auc_score(truth == one, scores[:, one]) if known and len(present) > 1 else None,
        metrics.average_precision_score(truth == one, scores[:, one]) if known else None,
    ]


HEADER = "case,accuracy,top2,macroPrecision,macroRecall,macroF1,macroF2,macroRoc,macroPr,precision,recall,f1,f2,roc,pr"


def lines():
    yield f"# scikit-learn {sklearn.__version__}"
    yield HEADER
    for number in range(CASES):
        yield ",".join([str(number)] + ["" if f is None else f"{f:.10g}" for f in figures(number)])


if len(sys.argv) == 3 and sys.argv[1] == "--check":
    with open(sys.argv[2], encoding="utf-8") as file:
        kept = [line.rstrip("\n") for line in file if not line.startswith("#")]
    now = [line for line in lines() if not line.startswith("#")]
    different = [(a, b) for a, b in zip(kept, now) if a != b]
    print(f"scikit-learn {sklearn.__version__}: {len(now) - 1} cases, {len(different)} differ")
    for a, b in different[:5]:
        print(f"  kept {a}\n  now  {b}")
    sys.exit(1 if different or len(kept) != len(now) else 0)

for line in lines():
    print(line)
