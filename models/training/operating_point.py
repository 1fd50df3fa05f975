"""Chooses the detector's operating point on the validation phantoms and writes it into the passport.

    python operating_point.py ARRAYS --package ../packages/walnut-phantom-detector --seeds 200000-200079

The rule: the highest threshold at which at least nine of ten csPCa phantoms are positive. The test phantoms are not
looked at.
"""

import argparse
import json
import math
import pathlib

import numpy as np

import phantoms
import seeds as seed_ranges
from evaluate import case_score
from export import listed, session_of
from train import parse_range

SENSITIVITY = 0.9


def choose(labels, scores):
    """The highest threshold, rounded down to three digits, that keeps the sensitivity; and what it gives here."""
    positives = np.sort(scores[labels])[::-1]
    threshold = math.floor(positives[math.ceil(SENSITIVITY * len(positives)) - 1] * 1000) / 1000
    return threshold, float((scores[labels] >= threshold).mean()), float((scores[~labels] < threshold).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=parse_range, required=True)
    options = parser.parse_args()
    seed_ranges.assert_within(options.seeds, "validation")
    session = session_of(options.package / "detector.onnx")
    cases = phantoms.read_all(options.arrays, options.seeds)
    labels = np.array([case.truth["csPCa"] for case in cases])
    scores = np.array([case_score(session.run(["heat"], {"bpmri": case.image[None]})[0][0, 0]) for case in cases])
    threshold, sensitivity, specificity = choose(labels, scores)
    passport_file = options.package / "passport.json"
    passport = json.loads(passport_file.read_text())
    passport["operatingPoints"] = [
        {
            "name": "sensitive",
            "threshold": threshold,
            "provenance": {
                "population": f"Walnut phantoms, SYNTH-A, seeds {options.seeds[0]}-{options.seeds[-1]} (validation)",
                "rule": "highest threshold with sensitivity of at least 0.9",
                "cases": len(cases),
                "positives": int(labels.sum()),
                "sensitivity": round(sensitivity, 4),
                "specificity": round(specificity, 4),
            },
        }
    ]
    passport["files"] = listed(options.package)
    passport_file.write_text(json.dumps(passport, indent=2, ensure_ascii=False) + "\n")
    print(passport["operatingPoints"])


if __name__ == "__main__":
    main()
