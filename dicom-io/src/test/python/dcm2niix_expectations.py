#!/usr/bin/env python3
"""What dcm2niix makes of the shared MR series: the expectations that Dcm2niixExpectationsTest holds us to.

    python3 dicom-io/src/test/python/dcm2niix_expectations.py ../shared      (needs dcm2niix; from the repository's root)

Writes dcm2niix-volumes.tsv beside the test, one line for each volume, and no third-party voxel:

    folder      under the shared folder
    series      SeriesNumber
    b           from .bval, empty where dcm2niix writes none
    size        voxels along the axes nearest to +L, +P and +S
    corners     LPS mm of the voxels (0,0,0), (last,0,0), (0,last,0) and (0,0,last) of that order
    slope, intercept    scl_slope and scl_inter of the NIfTI: value = stored x slope + intercept
    sha256      over the stored values as 32-bit little-endian integers in that order, the axis nearest to L fastest

dcm2niix turns pictures upside down, may reverse slices, and writes RAS. Axes put in the order nearest to LPS undo that
without asking how it was done: equal size, corners and digest mean equal values at equal places in the patient. Only the
standard library reads the NIfTI, so that our reader cannot hide its own mistakes.

-p n: values of Philips by the standard's RescaleSlope, not by its private scale.
"""
import hashlib
import pathlib
import struct
import subprocess
import sys
import tempfile

SHARED = pathlib.Path(sys.argv[1]).resolve()
TARGET = pathlib.Path(__file__).resolve().parents[1] / "resources/walnut/prostate/series/dcm2niix-volumes.tsv"

FOLDERS = [
    "data/prostate-dicom/ProstateX-0000",
    "data/vendor-mr/generic/compressed/001",
    "data/vendor-mr/generic/compressed_jpeg/001",
    "data/vendor-mr/generic/compressed_rle/001",
    "data/vendor-mr/ge/dti/001",
    "data/vendor-mr/hitachi/anatomical/001",
    "data/vendor-mr/philips/dti/002",
    "data/vendor-mr/philips_enhanced/dti/001",
    "data/vendor-mr/siemens/dti_classic/001",
    "data/vendor-mr/siemens_multiframe/anatomical/001",
    "data/vendor-mr/siemens_xa30_enhanced/11_DWI_dir80_PA",
    "data/vendor-mr/siemens_xa30_enhanced/12_DWI_dir80_PA",
    "data/vendor-mr/siemens_xa30_enhanced/13_DWI_dir80_PA",
]

# What dcm2niix converts and we cannot be held to; printed into the table so that nobody has to guess.
LEFT_OUT = {
    "data/vendor-mr/siemens/dti/001": "a mosaic whose number of slices dcm2niix does not find; it writes one slice of 1344 x 1344",
    "data/vendor-mr/generic/compressed_jpegls/001": "JPEG-LS, which this dcm2niix does not decode",
    "data/prostate-dicom/ProstateX-missing-slice": "a slice is gone; dcm2niix interpolates a new grid (8_Eq_1.nii), we refuse",
}


def place(srow, index):
    """LPS mm of a voxel; NIfTI is RAS."""
    ras = [sum(srow[axis][i] * index[i] for i in range(3)) + srow[axis][3] for axis in range(3)]
    return [-ras[0], -ras[1], ras[2]]


def nearest_order(srow):
    """For each of L, P, S: which array axis runs along it, and whether forwards."""
    lps = [[-v for v in srow[0][:3]], [-v for v in srow[1][:3]], list(srow[2][:3])]
    order = {}
    pairs = sorted(((abs(lps[p][a]) / sum(lps[r][a] ** 2 for r in range(3)) ** 0.5, p, a) for p in range(3) for a in range(3)), reverse=True)
    for _, patient, axis in pairs:
        if patient not in order and axis not in [a for a, _ in order.values()]:
            order[patient] = (axis, lps[patient][axis] > 0)
    return [order[patient] for patient in range(3)]


def volumes(nifti):
    data = nifti.read_bytes()
    dim = struct.unpack_from("<8h", data, 40)
    size, count = dim[1:4], max(1, dim[4])
    if struct.unpack_from("<h", data, 70)[0] not in (4, 512):
        raise SystemExit(f"{nifti}: integers expected")
    code = "h" if struct.unpack_from("<h", data, 70)[0] == 4 else "H"
    start = int(struct.unpack_from("<f", data, 108)[0])
    slope, intercept = struct.unpack_from("<2f", data, 112)
    srow = [struct.unpack_from("<4f", data, 280 + 16 * row) for row in range(3)]
    order = nearest_order(srow)
    strides = (1, size[0], size[0] * size[1])
    voxels = size[0] * size[1] * size[2]
    steps, first, shape = [], 0, []
    for axis, forwards in order:
        steps.append(strides[axis] if forwards else -strides[axis])
        first += 0 if forwards else strides[axis] * (size[axis] - 1)
        shape.append(size[axis])
    bval = nifti.with_suffix(".bval")
    b_values = bval.read_text().split() if bval.exists() else []
    for volume in range(count):
        stored = struct.unpack_from(f"<{voxels}{code}", data, start + 2 * voxels * volume)
        digest = hashlib.sha256()
        for s in range(shape[2]):
            for p in range(shape[1]):
                row = first + s * steps[2] + p * steps[1]
                values = [stored[row + l * steps[0]] for l in range(shape[0])]
                digest.update(struct.pack(f"<{shape[0]}i", *values))
        corners = []
        for corner in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)):
            index = [0, 0, 0]
            for (axis, forwards), at_end in zip(order, corner):
                index[axis] = size[axis] - 1 if bool(at_end) == forwards else 0
            corners.append(" ".join(f"{v:.5f}" for v in place(srow, index)))
        yield (
            b_values[volume] if volume < len(b_values) else "",
            " ".join(map(str, shape)),
            "; ".join(corners),
            f"{slope or 1:.9g}",
            f"{intercept:.9g}",
            digest.hexdigest(),
        )


def main():
    version = subprocess.run(["dcm2niix", "--version"], capture_output=True, text=True).stdout.strip().splitlines()[-1]
    lines = [f"# made by dcm2niix_expectations.py with dcm2niix {version}, -p n"]
    lines += [f"# left out: {folder}: {why}" for folder, why in LEFT_OUT.items()]
    lines.append("folder\tseries\tb\tsize\tcorners\tslope\tintercept\tsha256")
    for folder in FOLDERS:
        with tempfile.TemporaryDirectory() as out:
            command = ["dcm2niix", "-p", "n", "-b", "y", "-z", "n", "-f", "%s", "-o", out, str(SHARED / folder)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            for nifti in sorted(pathlib.Path(out).glob("*.nii"), key=lambda path: int(path.stem)):
                lines += ["\t".join((folder, nifti.stem) + volume) for volume in volumes(nifti)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")


main()
