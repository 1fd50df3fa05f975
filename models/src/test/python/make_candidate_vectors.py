"""Heatmaps and the candidates that rule `dynamic`, version 2, finds in them: an implementation of its own, from the
pseudo-code of the published rule (DIAGNijmegen/Report-Guided-Annotation, commit f2d1352), on scipy's labelling.

    python make_candidate_vectors.py ../resources/walnut/models
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy import ndimage

OUT = Path(sys.argv[1]) / "findings"
ALL_NEIGHBOURS = np.ones((3, 3, 3))


def dynamic_v2(heat, maximum_candidates, minimum_confidence, factor, minimum_voxels):
    w = heat.astype(np.float64)
    out = np.zeros(heat.shape, bool)
    found = []
    while len(found) < maximum_candidates:
        m = w.max()
        if m < minimum_confidence:
            break
        thr = m / factor
        labels, n = ndimage.label((w >= thr) & (w > 0), ALL_NEIGHBOURS)
        blobs = np.zeros_like(w)
        for label in range(1, n + 1):
            part = labels == label
            if part.sum() >= minimum_voxels:
                blobs[part] = w[part].max()
        if not blobs.any():
            w[w > thr] = 0
            continue
        hottest, _ = ndimage.label(blobs == blobs.max(), ALL_NEIGHBOURS)
        c = hottest == 1
        if not (ndimage.binary_dilation(out, ALL_NEIGHBOURS) & c).any():
            out |= c
            found.append((blobs.max(), c))
        w[c] = 0
    return found


def smooth_field(rng, shape, sigma, power):
    field = ndimage.gaussian_filter(rng.standard_normal(shape), sigma)
    field = (field - field.min()) / (field.max() - field.min())
    return field**power


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    shape = (6, 18, 22)
    maps = {}
    for n in range(8):
        sigma = (0.7, 1.6, 1.6) if n % 2 else (0.4, 0.9, 0.9)
        # Stored in 1/200: small files, exact in both languages, and ties are frequent.
        maps[f"field-{n}"] = np.rint(smooth_field(rng, shape, sigma, 1 + n) * 190).astype(np.int16)
    speckle = (rng.uniform(0, 1, shape) > 0.985) * 180
    maps["speckle-over-field"] = np.maximum(speckle, maps["field-1"] // 2).astype(np.int16)
    maps["empty"] = np.zeros(shape, np.int16)
    maps["below-the-floor"] = np.full(shape, 1, np.int16)
    two = np.zeros(shape, np.int16)
    two[1:3, 2:6, 2:6] = 100
    two[1:3, 2:6, 12:16] = 100
    maps["two-of-equal-confidence"] = two
    corner = np.zeros(shape, np.int16)
    corner[1, 2:6, 2:6] = 160
    corner[2, 6:10, 6:10] = 150
    maps["joined-by-a-corner"] = corner
    collar = np.zeros(shape, np.int16)
    collar[1:5, 4:14, 4:14] = 30
    collar[2:4, 7:11, 7:11] = 180
    maps["collar-round-a-taken-one"] = collar
    rule = {"maximumCandidates": 5, "minimumConfidence": 0.01, "dynamicFactor": 2.5, "minimumVoxels": 11}
    cases = []
    for name, stored in maps.items():
        heat = (stored * 0.005).astype(np.float32)
        np.save(OUT / f"{name}.npy", stored)
        found = dynamic_v2(heat, *rule.values())
        cases.append({"name": name, "candidates": [
            {"confidence": float(confidence), "voxels": int(mask.sum()), "first": int(np.flatnonzero(mask)[0]),
             "sumOfOffsets": int(np.flatnonzero(mask).sum())} for confidence, mask in found]})
        print(name, [(round(c["confidence"], 3), c["voxels"]) for c in cases[-1]["candidates"]])
    (OUT / "candidates.json").write_text(json.dumps(
        {"shape": shape, "scale": 0.005, "rule": rule, "cases": cases}, indent=2) + "\n")


main()
