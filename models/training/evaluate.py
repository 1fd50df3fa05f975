"""Held-out figures of detector and classifier: AUROC with DeLong's interval, lesion sensitivity, gland, rescans.

    python evaluate.py ARRAYS --detector detector.onnx --classifier classifier.onnx --seeds 300000-300399 \
        --rescans 300000-300059 --empty 390000-390039 --never-trained ARRAYS-D --never-seeds 300000-300059 \
        --threshold T --out figures.json
"""

import argparse
import json

import numpy as np
from scipy import ndimage, stats

import phantoms
import seeds as seed_ranges
from phantoms import points_of

# The passport's candidate rule: a candidate is what hangs together with a maximum above its 1/2.5, 26-connected.
MAXIMUM_CANDIDATES, MINIMUM_CONFIDENCE, DYNAMIC_FACTOR, MINIMUM_VOXELS = 5, 0.01, 2.5, 11
NEIGHBOURS = np.ones((3, 3, 3))
HIT_MM = 5.0
# The passport's gland.minimumVolumeMl, chosen on validation pelves (290000-290019) and validation phantoms.
GLAND_ML = 14.0
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


def largest_part(mask):
    """The largest of the parts that hang together, as the platform takes for the gland."""
    parts, count = ndimage.label(mask, NEIGHBOURS)
    return parts == 1 + np.argmax(np.bincount(parts.ravel())[1:]) if count else mask


def middle_of(mask):
    """Centre of mass of a mask on the detector's grid, in mm along slices, rows, columns from the grid's middle."""
    places = np.argwhere(mask).mean(axis=0)
    return [float((p - (n - 1) / 2) * step) for p, n, step in zip(places, mask.shape, SPACING_MM)]


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
    if not 0 < area < 1:
        # A perfect ranking has no spread on the logit scale.
        return float(area), None
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


def look(path, detect, classify):
    """Everything the figures need of one phantom: scores, candidates, points, gland, rules."""
    case, cutter = phantoms.read_with_patches(path)
    heat, zones = detect(case.image)
    found = candidates(heat)
    gland = largest_part(zones[0] < 0.5)
    truth = case.zones > 0
    row = {
        "seed": case.seed,
        "dialect": case.truth["dialect"],
        "pelvis": case.truth["pelvis"],
        "score": found[0][0] if found else 0.0,
        "csPCa": case.truth["csPCa"],
        "isup": max((lesion["isup"] for lesion in case.truth["lesions"]), default=0),
        "ml": max((l["volumeMl"] for l in case.truth["lesions"] if l["isup"] >= 2), default=0.0),
        "mimics": sorted({mimic["kind"] for mimic in case.truth["mimics"]} - {"STROMAL_NODULE"}),
        "glandMl": float(gland.sum() * np.prod(SPACING_MM) / 1000),
        "dice": float(2 * (truth & gland).sum() / max(1, truth.sum() + gland.sum())),
        "points": [],
        "lesions": [],
    }
    if truth.any():
        row["rules"] = {name: float(score) for name, score in oracle_rules(case).items()}
    at_candidates = [cutter.around(middle_of(mask)) for _, mask in found]
    row["classifierScore"] = max((classify(patch) for patch in at_candidates), default=0.0)
    for place, positive, kind in points_of(case.truth):
        patch = cutter.around(place)
        row["points"].append(
            {
                "kind": kind,
                "csPCa": positive,
                "score": classify(patch),
                # The rule to beat: the mean ADC, of the whole patch and of its middle 9 x 9 x 9 mm.
                "patchAdc": float(patch[1].mean() * 450 + 1300),
                "middleAdc": float(patch[1, 2:6, 11:21, 11:21].mean() * 450 + 1300),
            }
        )
    matched = [False] * len(found)
    for number, lesion in enumerate(case.truth["lesions"], start=1):
        mask = case.labels == number
        if lesion["isup"] < 2 or not mask.any():
            continue
        away = ndimage.distance_transform_edt(~mask, sampling=SPACING_MM)
        confidences = [0.0]
        for index, (confidence, part) in enumerate(found):
            if away[np.unravel_index((heat * part).argmax(), heat.shape)] <= HIT_MM:
                matched[index] = True
                confidences.append(confidence)
        row["lesions"].append({**lesion, "confidence": max(confidences)})
    row["falseConfidences"] = [found[i][0] for i in range(len(found)) if not matched[i]]
    return row


def area(rows, score, label="csPCa"):
    """AUROC of a score with its counts and interval, or why there is none."""
    labels = np.array([bool(row[label]) for row in rows])
    counts = {"positives": int(labels.sum()), "negatives": int((~labels).sum())}
    if min(counts.values()) < 5:
        return {**counts, "undefined": "fewer than 5 of one kind"}
    value, interval = delong(labels, np.array([score(row) for row in rows]))
    return {**counts, "auroc": value, "ci95": interval}


SUBSETS = {
    "ISUP 2": lambda row: row["isup"] == 2,
    "ISUP 3 and more": lambda row: row["isup"] >= 3,
    "below 0.5 mL": lambda row: row["ml"] < 0.5,
    "0.5 mL and more": lambda row: row["ml"] >= 0.5,
}


def of_cases(rows, key):
    """The case score `key`: all, with a part of the positives, with a part of the negatives, by dialect."""
    kinds = ["PROSTATITIS", "FOCAL_PROSTATITIS", "HAEMORRHAGE"]
    result = {"all": area(rows, lambda row: row[key])}
    for name, keep in SUBSETS.items():
        result[f"positives: {name}"] = area([r for r in rows if not r["csPCa"] or keep(r)], lambda row: row[key])
    negatives = {kind: (lambda row, kind=kind: kind in row["mimics"]) for kind in kinds}
    negatives["ISUP 1"] = lambda row: row["isup"] == 1
    negatives["nothing"] = lambda row: not row["mimics"] and row["isup"] == 0
    for name, keep in negatives.items():
        result[f"negatives: {name}"] = area([r for r in rows if r["csPCa"] or keep(r)], lambda row: row[key])
    for dialect in sorted({row["dialect"] for row in rows}):
        result[dialect] = area([r for r in rows if r["dialect"] == dialect], lambda row: row[key])
    return result


def of_points(rows):
    """The classifier at true places against the mean ADC there."""
    points = [{**point, "dialect": row["dialect"]} for row in rows for point in row["points"]]
    scores = {
        "classifier": lambda point: point["score"],
        "mean ADC of the patch": lambda point: -point["patchAdc"],
        "mean ADC of its middle": lambda point: -point["middleAdc"],
    }
    result = {}
    for name, score in scores.items():
        result[name] = {"all": area(points, score)}
        for dialect in sorted({row["dialect"] for row in rows}):
            result[name][dialect] = area([p for p in points if p["dialect"] == dialect], score)
        for kind in sorted({p["kind"] for p in points if not p["csPCa"]}):
            result[name][f"against {kind}"] = area([p for p in points if p["csPCa"] or p["kind"] == kind], score)
        for kind in sorted({p["kind"] for p in points if p["csPCa"]}):
            result[name][f"{kind} against all benign"] = area(
                [p for p in points if not p["csPCa"] or p["kind"] == kind], score
            )
    return result


def logit(p):
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def of_rescans(first, second, key):
    """Within-subject SD and ICC(1,1) of the logit of a score over two visits."""
    one = logit(np.array([row[key] for row in first]))
    two = logit(np.array([row[key] for row in second]))
    within = ((one - two) ** 2).mean() / 2
    between = ((one + two) / 2).var(ddof=1) * 2
    return {"pairs": len(one), "withinSdLogit": float(np.sqrt(within)), "icc": float((between - within) / (between + within))}


def of_detector(rows, threshold):
    gland_rows = [row for row in rows if "rules" in row]
    labels = np.array([row["csPCa"] for row in gland_rows])
    lesions = [lesion for row in rows for lesion in row["lesions"]]
    false = np.sort(np.concatenate([row["falseConfidences"] for row in rows]))[::-1]

    def sensitivity(per_case, keep=lambda lesion: True):
        allowed = int(per_case * len(rows))
        cut = false[allowed] if allowed < len(false) else 0.0
        return proportion(lesion["confidence"] > cut for lesion in lesions if keep(lesion))

    return {
        "caseAuroc": of_cases(rows, "score"),
        "atThreshold": {
            "threshold": threshold,
            "sensitivity": proportion(row["score"] >= threshold for row in rows if row["csPCa"]),
            "specificity": proportion(row["score"] < threshold for row in rows if not row["csPCa"]),
        },
        "lesionSensitivity": {
            "at 0.5 false per case": sensitivity(0.5),
            "at 1 false per case": sensitivity(1),
            "at 0.5, ISUP 2": sensitivity(0.5, lambda lesion: lesion["isup"] == 2),
            "at 0.5, ISUP 3 and more": sensitivity(0.5, lambda lesion: lesion["isup"] >= 3),
            "at 0.5, below 0.5 mL": sensitivity(0.5, lambda lesion: lesion["volumeMl"] < 0.5),
            "at 0.5, 0.5 mL and more": sensitivity(0.5, lambda lesion: lesion["volumeMl"] >= 0.5),
            "at 0.5, peripheral zone": sensitivity(0.5, lambda lesion: lesion["zone"] == "PERIPHERAL"),
            "at 0.5, transition zone": sensitivity(0.5, lambda lesion: lesion["zone"] == "TRANSITION"),
        },
        "medianScoreOfNegatives": {
            "nothing": _median(r for r in rows if not r["csPCa"] and not r["mimics"] and r["isup"] == 0),
            "ISUP 1": _median(r for r in rows if r["isup"] == 1),
            "focal prostatitis": _median(r for r in rows if not r["csPCa"] and "FOCAL_PROSTATITIS" in r["mimics"]),
        },
        "gland": {
            "diceMean": float(np.mean([row["dice"] for row in gland_rows])),
            "diceLowest": float(np.min([row["dice"] for row in gland_rows])),
            "smallestMl": float(np.min([row["glandMl"] for row in gland_rows])),
            "minimumMl": GLAND_ML,
            "found": proportion(row["glandMl"] >= GLAND_ML for row in gland_rows),
        },
        "oracleRules": {
            name: auroc(labels, np.array([row["rules"][name] for row in gland_rows]))
            for name in gland_rows[0]["rules"]
        },
    }


def disagreements(rows, threshold, classifier_threshold):
    """Cases in which one model says positive and the other does not."""
    detector = [row["score"] >= threshold for row in rows]
    classifier = [row["classifierScore"] >= classifier_threshold for row in rows]
    apart = [row["seed"] for row, one, other in zip(rows, detector, classifier) if one != other]
    return {"cases": len(apart), "of": len(rows), "first": apart[:5]}


def _median(rows):
    scores = [row["score"] for row in rows]
    return {"n": len(scores), "value": float(np.median(scores)) if scores else None}


def session_of(model):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), settings, providers=["CPUExecutionProvider"])


def main():
    from train import parse_range

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--detector", required=True)
    parser.add_argument("--classifier", required=True)
    parser.add_argument("--seeds", type=parse_range, required=True)
    parser.add_argument("--rescans", type=parse_range, default=[])
    parser.add_argument("--empty", type=parse_range, default=[])
    parser.add_argument("--never-trained")
    parser.add_argument("--never-seeds", type=parse_range, default=[])
    parser.add_argument("--range", default="test", choices=seed_ranges.ALL)
    parser.add_argument("--threshold", type=float, required=True, help="the detector's operating point")
    parser.add_argument("--classifier-threshold", type=float, required=True)
    parser.add_argument("--out")
    options = parser.parse_args()
    for chosen in (options.seeds, options.rescans, options.empty, options.never_seeds):
        seed_ranges.assert_within(chosen, options.range)
    detector, classifier = session_of(options.detector), session_of(options.classifier)

    def detect(image):
        heat, zones = detector.run(["heat", "zones"], {"bpmri": image[None]})
        return heat[0, 0], zones[0]

    def classify(patch):
        return float(classifier.run(["score"], {"patch": patch[None]})[0][0, 0])

    def look_at(directory, seeds, visit=0):
        files = [phantoms.file_of(directory, seed, visit) for seed in seeds]
        return [look(file, detect, classify) for file in files]

    rows = look_at(options.arrays, options.seeds)
    result = {
        "cases": len(rows),
        "positives": sum(row["csPCa"] for row in rows),
        "detector": of_detector(rows, options.threshold),
        "classifier": {"caseAuroc": of_cases(rows, "classifierScore"), "points": of_points(rows)},
        "disagreement": disagreements(rows, options.threshold, options.classifier_threshold),
    }
    if options.rescans:
        by_seed = {row["seed"]: row for row in rows}
        again = look_at(options.arrays, options.rescans, visit=1)
        first = [by_seed[row["seed"]] for row in again]
        result["rescans"] = {
            "detector": of_rescans(first, again, "score"),
            "classifier": of_rescans(first, again, "classifierScore"),
        }
    if options.never_trained:
        unseen = look_at(options.never_trained, options.never_seeds)
        result["neverTrained"] = {
            "detector": of_detector(unseen, options.threshold),
            "classifier": {"caseAuroc": of_cases(unseen, "classifierScore"), "points": of_points(unseen)},
        }
    if options.empty:
        bare = look_at(options.arrays, options.empty)
        result["withoutProstate"] = {
            pelvis: {
                "n": sum(row["pelvis"] == pelvis for row in bare),
                "largestGlandMl": max(row["glandMl"] for row in bare if row["pelvis"] == pelvis),
                "refused": proportion(row["glandMl"] < GLAND_ML for row in bare if row["pelvis"] == pelvis),
            }
            for pelvis in sorted({row["pelvis"] for row in bare})
        }
    text = json.dumps(result, indent=2)
    print(text)
    if options.out:
        with open(options.out, "w") as out:
            out.write(text + "\n")


if __name__ == "__main__":
    main()
