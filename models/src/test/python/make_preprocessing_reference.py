"""What scipy and numpy make of three small oblique volumes, by the steps of the phantom detector's passport.

Written from the passport's words, not from the Java code. Geometry, normalisation and sizes are in the JSON beside the
arrays, so that the Java test and this script read the same numbers.

    python make_preprocessing_reference.py ../resources/walnut/models
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy import ndimage

RNG = np.random.default_rng(20261122)


def rotation(x, y, z):
    """Columns: directions of +i, +j, +k in LPS."""
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return rz @ ry @ rx


def volume(out, name, shape_kji, spacing_ijk, centre, directions, low, high):
    k, j, i = shape_kji
    coarse = RNG.uniform(0, 1, (max(k // 2, 2), max(j // 4, 2), max(i // 4, 2)))
    smooth = ndimage.zoom(coarse, np.array(shape_kji) / np.array(coarse.shape), order=1)[:k, :j, :i]
    values = np.rint(low + (high - low) * (0.8 * smooth + 0.2 * RNG.uniform(0, 1, smooth.shape))).astype(np.int16)
    spacing = np.array(spacing_ijk, float)
    origin = np.array(centre) - directions @ (spacing * (np.array([i, j, k]) - 1) / 2)
    np.save(out / f"{name}.npy", values)
    return {
        "file": f"{name}.npy",
        "columns": i, "rows": j, "slices": k,
        "spacingIjk": list(spacing_ijk), "origin": origin.tolist(), "directions": directions.tolist(),
    }


def resample(values, geometry, grid_points):
    """Trilinear; a voxel reaches half its width beyond the outermost centres, beyond that 0."""
    directions = np.array(geometry["directions"])
    spacing = np.array(geometry["spacingIjk"])
    index = ((grid_points - np.array(geometry["origin"])) @ directions) / spacing
    kji = np.moveaxis(index[..., ::-1], -1, 0)
    limits = np.array(values.shape).reshape(3, 1, 1, 1)
    inside = np.all((kji >= -0.5 - 1e-6) & (kji <= limits - 0.5 + 1e-6), axis=0)
    found = ndimage.map_coordinates(values.astype(np.float64), kji, order=1, mode="nearest")
    return np.where(inside, found, 0.0)


def box(shape, spacing_kji, extent_kji):
    masks = []
    for n, step, extent in zip(shape, spacing_kji, extent_kji):
        masks.append(np.abs((np.arange(n) - (n - 1) / 2) * step) <= extent / 2)
    return np.ix_(*masks)


def normalise(values, steps, spacing_kji):
    x = values.astype(np.float64)
    for step in steps:
        kind = step["step"]
        inner = None
        if "boxMm" in step:
            extent = [step["boxMm"][axis] for axis in ("slices", "rows", "columns")]
            inner = x[box(x.shape, spacing_kji, extent)]
        if kind == "CLIP":
            x = np.clip(x, step["lower"], step["upper"])
        elif kind == "CLIP_PERCENTILES":
            x = np.clip(x, *np.percentile(inner, [step["lower"], step["upper"]], method="linear"))
        elif kind == "CLIP_ABOVE_PERCENTILE":
            x = np.minimum(x, step["factor"] * np.percentile(inner, step["percentile"], method="linear"))
        elif kind == "STANDARDISE":
            centre = np.mean(inner) if step["centre"] == "MEAN" else np.median(inner)
            x = (x - centre) / np.std(inner)
        elif kind == "SHIFT_SCALE":
            x = (x - step["subtract"]) / step["divideBy"]
        else:
            raise ValueError(kind)
    return x.astype(np.float32)


def points_of(t2w, size, spacing, middle):
    """LPS of every voxel of a grid laid along the T2W axes round a point: [k][j][i][3]."""
    directions = np.array(t2w["directions"])
    offsets = [(np.arange(size[axis]) - (size[axis] - 1) / 2) * spacing[axis] for axis in ("slices", "rows", "columns")]
    kk, jj, ii = np.meshgrid(*offsets, indexing="ij")
    return middle + ii[..., None] * directions[:, 0] + jj[..., None] * directions[:, 1] + kk[..., None] * directions[:, 2]


def fixed(values, steps, spacing_kji):
    """The steps with their statistics replaced by the numbers that these values give."""
    out, x = [], values.astype(np.float64)
    for step in steps:
        if "boxMm" in step:
            inner = x[box(x.shape, spacing_kji, [step["boxMm"][axis] for axis in ("slices", "rows", "columns")])]
            if step["step"] == "CLIP_PERCENTILES":
                low, high = np.percentile(inner, [step["lower"], step["upper"]])
                step = {"step": "CLIP", "lower": low, "upper": high}
            elif step["step"] == "CLIP_ABOVE_PERCENTILE":
                high = step["factor"] * np.percentile(inner, step["percentile"])
                step = {"step": "CLIP", "lower": -np.inf, "upper": high}
            else:
                centre = np.mean(inner) if step["centre"] == "MEAN" else np.median(inner)
                step = {"step": "SHIFT_SCALE", "subtract": centre, "divideBy": np.std(inner)}
        out.append(step)
        x = apply(x, [step])
    return out


def apply(values, steps):
    x = values.astype(np.float64)
    for step in steps:
        if step["step"] == "CLIP":
            x = np.clip(x, step["lower"], step["upper"])
        else:
            x = (x - step["subtract"]) / step["divideBy"]
    return x


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    size, spacing = {"slices": 8, "rows": 16, "columns": 20}, {"slices": 3, "rows": 2, "columns": 1.5}
    inner = {"slices": 15, "rows": 20, "columns": 21}
    channels = [
        {"name": "T2W", "outside": 0, "normalisation": [
            {"step": "CLIP_PERCENTILES", "lower": 1, "upper": 99, "boxMm": inner},
            {"step": "STANDARDISE", "centre": "MEAN", "boxMm": inner},
            {"step": "CLIP", "lower": -4, "upper": 6}]},
        {"name": "ADC", "unit": "1e-6 mm2/s", "outside": 0, "normalisation": [
            {"step": "CLIP", "lower": 0, "upper": 3000},
            {"step": "SHIFT_SCALE", "subtract": 1300, "divideBy": 450},
            {"step": "CLIP", "lower": -4, "upper": 6}]},
        {"name": "HBV", "outside": 0, "normalisation": [
            {"step": "CLIP_ABOVE_PERCENTILE", "percentile": 99.8, "factor": 0.9, "boxMm": inner},
            {"step": "STANDARDISE", "centre": "MEDIAN", "boxMm": inner},
            {"step": "CLIP", "lower": -4, "upper": 6}]},
    ]
    tilt = rotation(0.31, -0.07, 0.05)
    # Unequal in-plane spacing, an odd number of slices, ADC and HBV tilted otherwise and shorter than the grid.
    geometry = {
        "T2W": volume(out, "T2W", (7, 34, 40), (0.8, 1.0, 3.2), (12.5, -31.25, 40.0), tilt, 50, 900),
        "ADC": volume(out, "ADC", (6, 12, 14), (2.0, 2.4, 3.5), (13.1, -30.6, 39.4), rotation(0.28, 0, 0), 200, 3600),
        "HBV": volume(out, "HBV", (6, 12, 14), (2.0, 2.4, 3.5), (13.1, -30.6, 39.4), rotation(0.28, 0, 0), 5, 120),
    }
    t2w = geometry["T2W"]
    centre = np.array(t2w["origin"]) + tilt @ (
        np.array(t2w["spacingIjk"]) * (np.array([t2w["columns"], t2w["rows"], t2w["slices"]]) - 1) / 2)
    k, j, i = np.meshgrid(*[np.arange(size[a]) - (size[a] - 1) / 2 for a in ("slices", "rows", "columns")], indexing="ij")
    offsets = np.stack([i * spacing["columns"], j * spacing["rows"], k * spacing["slices"]], axis=-1)
    points = centre + offsets @ tilt.T
    spacing_kji = [spacing[a] for a in ("slices", "rows", "columns")]
    tensor = np.stack([
        normalise(resample(np.load(out / geometry[c["name"]]["file"]), geometry[c["name"]], points), c["normalisation"],
                  spacing_kji)
        for c in channels])[None]
    np.save(out / "expected.npy", tensor.astype("<f4"))
    # A patch round a point near the middle, treated with the statistics of the whole grid.
    patch_size, point = {"slices": 4, "rows": 10, "columns": 12}, [14.25, -29.5, 41.0]
    patch_points = points_of(geometry["T2W"], patch_size, spacing, np.array(point))
    patch = np.stack([
        apply(resample(np.load(out / geometry[c["name"]]["file"]), geometry[c["name"]], patch_points),
              fixed(resample(np.load(out / geometry[c["name"]]["file"]), geometry[c["name"]], points),
                    c["normalisation"], spacing_kji)).astype(np.float32)
        for c in channels])[None]
    np.save(out / "expected-patch.npy", patch.astype("<f4"))
    (out / "reference.json").write_text(json.dumps({
        "grid": {"axes": "T2W", "centre": "T2W_VOLUME_CENTRE", "interpolation": "LINEAR", "size": size,
                 "spacingMm": spacing},
        "patch": {"size": patch_size, "spacingMm": spacing, "point": point},
        "channels": channels, "volumes": geometry, "gridOrigin": points[0, 0, 0].tolist()}, indent=2) + "\n")
    print(tensor.shape, tensor.min(axis=(0, 2, 3, 4)), tensor.max(axis=(0, 2, 3, 4)), (tensor == -4).sum())


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "preprocess")
