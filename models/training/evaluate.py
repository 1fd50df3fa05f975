"""Held-out figures of the detector: case AUROC with DeLong's interval, lesion sensitivity, Dice of the gland.

    python evaluate.py ARRAYS --model detector.onnx --seeds 300000-300149 --out figures.json
"""

import argparse
import json

import numpy as np
from scipy import ndimage, stats

import seeds as seed_ranges

# The passport's candidate rule: a candidate is what hangs together with a maximum above its 1/2.5, 26-connected.
MAXIMUM_CANDIDATES, MINIMUM_CONFIDENCE, DYNAMIC_FACTOR, MINIMUM_VOXELS = 5, 0.01, 2.5, 11
NEIGHBOURS = np.ones((3, 3, 3))
HIT_MM = 5.0
SPACING_MM = (3.0, 1.0, 1.0)


def candidates(heat):
    """The candidates of one heatmap by falling confidence: (confidence, boolean mask)."""
    rest = heat.copy()
    found = []
    while len(found) < MAXIMUM_CANDIDATES:
        peak = float(rest.max())
        if peak < MINIMUM_CONFIDENCE:
            break
        parts, _ = ndimage.label(rest > peak / DYNAMIC_FACTOR, NEIGHBOURS)
        mask = parts == parts[np.unravel_index(rest.argmax(), rest.shape)]
        if mask.sum() >= MINIMUM_VOXELS:
            found.append((peak, mask))
        rest[mask] = 0
    return found


def case_score(heat):
    found = candidates(heat)
    return found[0][0] if found else 0.0


def auroc(labels, scores):
    positive, negative = scores[labels.astype(bool)], scores[~labels.astype(bool)]
    return float((stats.rankdata(np.concatenate([positive, negative]))[: len(positive)].sum()
                  - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative)))


def delong(labels, scores):
    """AUROC and its 95 % interval on the logit scale (DeLong et al., Biometrics 1988; Sun and Xu's placements)."""
    labels = labels.astype(bool)
    positive, negative = scores[labels], scores[~labels]
    m, n = len(positive), len(negative)
    together = stats.rankdata(np.concatenate([positive, negative]))
    v10 = (together[:m] - stats.rankdata(positive)) / n
    v01 = 1 - (together[m:] - stats.rankdata(negative)) / m
    area = v10.mean()
    se = np.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n)
    logit, spread = np.log(area / (1 - area)), 1.959964 * se / (area * (1 - area))
    return float(area), [float(1 / (1 + np.exp(-(logit + s * spread)))) for s in (-1, 1)]


def wilson(hits, n):
    if n == 0:
        return None
    z, p = 1.959964, hits / n
    centre, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [float((centre - half) / (1 + z * z / n)), float((centre + half) / (1 + z * z / n))]


def proportion(hits):
    hits = list(hits)
    return {"n": len(hits), "value": float(np.mean(hits)) if hits else None, "ci95": wilson(sum(hits), len(hits))}


def group(rows, keep):
    """AUROC with the positives that `keep` lets through against all negatives."""
    chosen = [row for row in rows if not row["csPCa"] or keep(row)]
    labels = np.array([row["csPCa"] for row in chosen])
    if labels.sum() < 5:
        return {"positives": int(labels.sum()), "undefined": "fewer than 5 positives"}
    value, interval = delong(labels, np.array([row["score"] for row in chosen]))
    return {"positives": int(labels.sum()), "negatives": int((~labels.astype(bool)).sum()), "auroc": value, "ci95": interval}


def oracle_rules(case):
    """Scores of threshold rules that are told the gland: the phantom is too easy if one of them does well."""
    gland = case.zones > 0
    adc = ndimage.uniform_filter(case.image[1], (1, 3, 3))[gland]
    hbv = ndimage.uniform_filter(case.image[2], (1, 3, 3))[gland]
    standing = (hbv - hbv.mean()) / hbv.std()
    return {
        "lowest smoothed ADC": -adc.min(),
        "1st percentile of ADC": -np.percentile(adc, 1),
        "highest smoothed HBV": standing.max(),
        "HBV minus ADC": (standing - adc).max(),
    }


def figures(cases, run, threshold):
    rows, lesions, dice = [], [], []
    rules = {}
    for case in cases:
        heat, zones = run(case.image)
        found = candidates(heat)
        rows.append(
            {
                "seed": case.seed,
                "score": found[0][0] if found else 0.0,
                "csPCa": case.truth["csPCa"],
                "isup": max((lesion["isup"] for lesion in case.truth["lesions"]), default=0),
                "ml": max((l["volumeMl"] for l in case.truth["lesions"] if l["isup"] >= 2), default=0.0),
                "mimics": case.truth["mimics"],
            }
        )
        matched = [None] * len(found)
        for number, lesion in enumerate(case.truth["lesions"], start=1):
            mask = case.labels == number
            if lesion["isup"] < 2 or not mask.any():
                continue
            away = ndimage.distance_transform_edt(~mask, sampling=SPACING_MM)
            confidences = [0.0]
            for index, (confidence, part) in enumerate(found):
                if away[np.unravel_index((heat * part).argmax(), heat.shape)] <= HIT_MM:
                    matched[index] = number
                    confidences.append(confidence)
            lesions.append({**lesion, "confidence": max(confidences)})
        rows[-1]["falseConfidences"] = [found[i][0] for i in range(len(found)) if matched[i] is None]
        truth, answer = case.zones > 0, zones[0] < 0.5
        dice.append(2 * (truth & answer).sum() / (truth.sum() + answer.sum()))
        for name, score in oracle_rules(case).items():
            rules.setdefault(name, []).append(float(score))

    labels = np.array([row["csPCa"] for row in rows])
    scores = np.array([row["score"] for row in rows])
    false = np.sort(np.concatenate([row["falseConfidences"] for row in rows]))[::-1]

    def sensitivity(per_case, keep=lambda lesion: True):
        allowed = int(per_case * len(rows))
        threshold = false[allowed] if allowed < len(false) else 0.0
        return proportion(lesion["confidence"] > threshold for lesion in lesions if keep(lesion))

    value, interval = delong(labels, scores)
    return {
        "cases": len(rows),
        "positives": int(labels.sum()),
        "auroc": value,
        "aurocCi95": interval,
        "aurocByPositives": {
            "ISUP 2": group(rows, lambda row: row["isup"] == 2),
            "ISUP 3 and more": group(rows, lambda row: row["isup"] >= 3),
            "below 0.5 mL": group(rows, lambda row: row["ml"] < 0.5),
            "0.5 mL and more": group(rows, lambda row: row["ml"] >= 0.5),
        },
        "atThreshold": {
            "threshold": threshold,
            "sensitivity": proportion(row["score"] >= threshold for row in rows if row["csPCa"]),
            "specificity": proportion(row["score"] < threshold for row in rows if not row["csPCa"]),
        },
        "lesionSensitivity": {
            "at 0.5 false per case": sensitivity(0.5),
            "at 1 false per case": sensitivity(1),
            "at 0.5, below 0.5 mL": sensitivity(0.5, lambda lesion: lesion["volumeMl"] < 0.5),
            "at 0.5, 0.5 mL and more": sensitivity(0.5, lambda lesion: lesion["volumeMl"] >= 0.5),
            "at 0.5, peripheral zone": sensitivity(0.5, lambda lesion: lesion["zone"] == "PERIPHERAL"),
            "at 0.5, transition zone": sensitivity(0.5, lambda lesion: lesion["zone"] == "TRANSITION"),
        },
        "medianScoreOfNegatives": {
            "no mimic, no ISUP 1": _median(r for r in rows if not r["csPCa"] and not r["mimics"] and r["isup"] == 0),
            "ISUP 1": _median(r for r in rows if r["isup"] == 1),
            "focal prostatitis": _median(r for r in rows if not r["csPCa"] and "FOCAL_PROSTATITIS" in r["mimics"]),
        },
        "glandDice": {"mean": float(np.mean(dice)), "lowest": float(np.min(dice))},
        "oracleRules": {name: auroc(labels, np.array(values)) for name, values in rules.items()},
    }


def _median(rows):
    scores = [row["score"] for row in rows]
    return {"n": len(scores), "value": float(np.median(scores)) if scores else None}


def main():
    import onnxruntime

    import phantoms
    from train import parse_range

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--model", required=True)
    parser.add_argument("--seeds", type=parse_range, required=True)
    parser.add_argument("--range", default="test", choices=seed_ranges.ALL)
    parser.add_argument("--threshold", type=float, default=0.5, help="the passport's operating point")
    parser.add_argument("--out")
    options = parser.parse_args()
    seed_ranges.assert_within(options.seeds, options.range)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.model, settings, providers=["CPUExecutionProvider"])

    def run(image):
        heat, zones = session.run(["heat", "zones"], {"bpmri": image[None]})
        return heat[0, 0], zones[0]

    result = figures(phantoms.read_all(options.arrays, options.seeds), run, options.threshold)
    text = json.dumps(result, indent=2)
    print(text)
    if options.out:
        with open(options.out, "w") as out:
            out.write(text + "\n")


if __name__ == "__main__":
    main()
