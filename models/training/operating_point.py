"""Chooses both models' operating points on validation phantoms, and writes what those gave into the packages.

    python operating_point.py ARRAYS --packages ../packages --seeds 200000-200059

The rule: the highest threshold at which at least nine of ten csPCa phantoms are positive. The test phantoms are not
looked at. `reference/distributions.json` of each package holds the distributions of the validation phantoms: what later
inputs and scores may be compared with.
"""

import argparse
import json
import math
import pathlib

import numpy as np

import phantoms
import seeds as seed_ranges
from evaluate import SPACING_MM, candidates, middle_of, session_of
from export import listed
from train import parse_range

SENSITIVITY = 0.9
DETECTOR, CLASSIFIER = "walnut-phantom-detector", "walnut-phantom-lesion-classifier"


def choose(labels, scores):
    """The highest threshold, rounded down to three digits, that keeps the sensitivity; and what it gives here."""
    positives = np.sort(scores[labels])[::-1]
    threshold = math.floor(positives[math.ceil(SENSITIVITY * len(positives)) - 1] * 1000) / 1000
    return threshold, float((scores[labels] >= threshold).mean()), float((scores[~labels] < threshold).mean())


def distribution(values, digits):
    """Quantiles, from which bins of equal mass can be made, with the number of values."""
    at = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
    found = np.quantile(np.array(values, np.float64), at)
    return {
        "n": len(values),
        "mean": round(float(np.mean(values)), digits),
        "sd": round(float(np.std(values, ddof=1)), digits),
        "quantiles": [{"at": a, "value": round(float(v), digits)} for a, v in zip(at, found)],
    }


def look(file, detector, classifier):
    case, cutter = phantoms.read_with_patches(file)
    heat, zones = detector.run(["heat", "zones"], {"bpmri": case.image[None]})
    found = candidates(heat[0, 0])
    gland = zones[0, 0] < 0.5
    adc = case.image[1][gland] * 450 + 1300
    return {
        "dialect": case.truth["dialect"],
        "csPCa": case.truth["csPCa"],
        DETECTOR: found[0][0] if found else 0.0,
        CLASSIFIER: max(
            (float(classifier.run(["score"], {"patch": cutter.around(middle_of(m))[None]})[0][0, 0]) for _, m in found),
            default=0.0,
        ),
        "glandMl": float(gland.sum() * np.prod(SPACING_MM) / 1000),
        "glandAdcMedian": float(np.median(adc)) if gland.any() else 0.0,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--packages", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=parse_range, required=True)
    options = parser.parse_args()
    seed_ranges.assert_within(options.seeds, "validation")
    detector = session_of(options.packages / DETECTOR / "detector.onnx")
    classifier = session_of(options.packages / CLASSIFIER / "classifier.onnx")
    rows = [look(phantoms.file_of(options.arrays, seed), detector, classifier) for seed in options.seeds]
    labels = np.array([row["csPCa"] for row in rows])
    population = f"Walnut phantoms, SYNTH-A, -B and -C, seeds {options.seeds[0]}-{options.seeds[-1]} (validation)"
    for package in (DETECTOR, CLASSIFIER):
        folder = options.packages / package
        threshold, sensitivity, specificity = choose(labels, np.array([row[package] for row in rows]))
        reference = folder / "reference" / "distributions.json"
        reference.parent.mkdir(exist_ok=True)
        quantities = {"caseScoreRaw": (package, 4), "glandMl": ("glandMl", 1), "glandAdcMedian": ("glandAdcMedian", 0)}
        document = {"population": population, "units": {"glandMl": "mL", "glandAdcMedian": "1e-6 mm2/s"}}
        for name, (key, digits) in quantities.items():
            document[name] = {"all": distribution([row[key] for row in rows], digits)}
            for dialect in sorted({row["dialect"] for row in rows}):
                document[name][dialect] = distribution([r[key] for r in rows if r["dialect"] == dialect], digits)
        reference.write_text(json.dumps(document, indent=1) + "\n")
        passport_file = folder / "passport.json"
        passport = json.loads(passport_file.read_text())
        passport["operatingPoints"] = [
            {
                "name": "sensitive",
                "threshold": threshold,
                "provenance": {
                    "population": population,
                    "rule": "highest threshold with sensitivity of at least 0.9",
                    "cases": len(rows),
                    "positives": int(labels.sum()),
                    "sensitivity": round(sensitivity, 4),
                    "specificity": round(specificity, 4),
                },
            }
        ]
        passport["files"] = listed(folder)
        passport_file.write_text(json.dumps(passport, indent=2, ensure_ascii=False) + "\n")
        print(package, passport["operatingPoints"])


if __name__ == "__main__":
    main()
