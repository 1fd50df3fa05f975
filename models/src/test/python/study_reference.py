"""What pydicom, scipy and numpy make of a whole DICOM study, by a passport; compared with `walnut preprocess`.

    python study_reference.py STUDY --series 4 7 8 --passport PASSPORT.json [--at X Y Z] [--compare TENSOR.npy]
        [--write REFERENCE.json]

STUDY is a folder; --series gives the SeriesNumber of T2W, ADC and HBV. --compare prints the largest difference to a
tensor that Walnut wrote. --write stores projections of the tensor instead of the tensor itself: sums of its values,
each with the sign that a linear congruential generator draws, so that a misplaced voxel shows and no image is stored.
Written from the passport's words, not from the Java code. Versions used: numpy 2.4.6, scipy 1.17.1, pydicom 3.0.1.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pydicom

from make_preprocessing_reference import apply, fixed, normalise, points_of, resample

PROJECTIONS = 32


def signs(count, seed):
    """+1 and -1 from bit 33 of x <- 6364136223846793005 x + 1442695040888963407 (mod 2^64), x starting at the seed."""
    x, out = seed, np.empty(count, np.int8)
    for n in range(count):
        x = (x * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        out[n] = 1 if (x >> 33) & 1 else -1
    return out


def volume(files):
    slices = [pydicom.dcmread(file) for file in files]
    cosines = np.array(slices[0].ImageOrientationPatient, float)
    row, column = cosines[:3] / np.linalg.norm(cosines[:3]), cosines[3:] / np.linalg.norm(cosines[3:])
    normal = np.cross(row, column)
    slices.sort(key=lambda s: float(np.dot(normal, np.array(s.ImagePositionPatient, float))))
    places = [float(np.dot(normal, np.array(s.ImagePositionPatient, float))) for s in slices]
    between_rows, between_columns = map(float, slices[0].PixelSpacing)
    values = np.stack([
        s.pixel_array * float(s.get("RescaleSlope", 1)) + float(s.get("RescaleIntercept", 0)) for s in slices
    ]).astype(np.float32)
    k, j, i = values.shape
    return values, {
        "columns": i, "rows": j, "slices": k,
        "spacingIjk": [between_columns, between_rows, (places[-1] - places[0]) / (k - 1)],
        "origin": [float(v) for v in slices[0].ImagePositionPatient],
        "directions": np.stack([row, column, normal], axis=1).tolist(),
    }


def tensor(folder, numbers, passport, at):
    by_number = {}
    for file in sorted(Path(folder).rglob("*.dcm")):
        number = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=["SeriesNumber"]).SeriesNumber
        by_number.setdefault(int(number), []).append(file)
    volumes = {name: volume(by_number[number]) for name, number in zip(("T2W", "ADC", "HBV"), numbers)}
    geometry = volumes["T2W"][1]
    size = np.array([geometry[axis] for axis in ("columns", "rows", "slices")])
    centre = np.array(geometry["origin"]) + np.array(geometry["directions"]) @ (
        np.array(geometry["spacingIjk"]) * (size - 1) / 2)
    grid = passport["grid"]
    middle = centre if at is None else np.array(at)
    spacing = [grid["spacingMm"][axis] for axis in ("slices", "rows", "columns")]
    statistics = passport.get("normalisationGrid")
    out = []
    for channel in passport["inputs"][0]["channels"]:
        steps = next(c for c in passport["channels"] if c["name"] == channel)["normalisation"]
        values, own = volumes[channel]
        sampled = resample(values, own, points_of(geometry, grid["size"], grid["spacingMm"], middle)).astype(np.float32)
        if statistics:
            whole = resample(values, own, points_of(geometry, statistics["size"], statistics["spacingMm"], centre)).astype(np.float32)
            steps = fixed(whole, steps, [statistics["spacingMm"][axis] for axis in ("slices", "rows", "columns")])
            out.append(apply(sampled, steps).astype(np.float32))
        else:
            out.append(normalise(sampled, steps, spacing))
    return np.stack(out)[None]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("study")
    arguments.add_argument("--series", type=int, nargs=3, required=True)
    arguments.add_argument("--passport", required=True)
    arguments.add_argument("--at", type=float, nargs=3)
    arguments.add_argument("--compare")
    arguments.add_argument("--write")
    a = arguments.parse_args()
    passport = json.loads(Path(a.passport).read_text())
    x = tensor(a.study, a.series, passport, a.at)
    print("tensor", x.shape, "mean", [round(float(v), 6) for v in x.mean(axis=(0, 2, 3, 4))])
    if a.compare:
        other = np.load(a.compare)
        print("largest difference", float(np.abs(x.astype(np.float64) - other).max()), "of", x.size, "values")
    if a.write:
        flat = x[0].reshape(x.shape[1], -1).astype(np.float64)
        reference = {
            "madeBy": f"numpy {np.__version__}, scipy, pydicom {pydicom.__version__}",
            "shape": list(x.shape),
            "projections": [
                [float(np.dot(signs(flat.shape[1], p + 1), row)) for p in range(PROJECTIONS)] for row in flat
            ],
        }
        Path(a.write).write_text(json.dumps(reference, indent=1) + "\n")


if __name__ == "__main__":
    main()
