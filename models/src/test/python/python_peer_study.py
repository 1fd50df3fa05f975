"""A copy of ProstateX-0000 that the Python peer of the benchmark can read.

    python python_peer_study.py STUDY COPY

The peer knows b-values only from DiffusionBValue (0018,9087) and takes any series whose description holds "t2" for the
T2W. The study keeps its b-value in a private tag and holds three T2W series. So the copy gets the standard tag in its
computed high-b series and other descriptions for its sagittal and coronal T2W; pixels and all else stay, as do all 164
files. Walnut reads the original.
"""

import sys
from pathlib import Path

import pydicom

source, copy = Path(sys.argv[1]), Path(sys.argv[2])
count = 0
for file in sorted(source.rglob("*.dcm")):
    instance = pydicom.dcmread(file)
    number = int(instance.SeriesNumber)
    if number in (3, 5):
        instance.SeriesDescription = f"tse_{number}"
    if number == 8:
        instance.DiffusionBValue = 1000.0
    target = copy / file.relative_to(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    instance.save_as(target)
    count += 1
print(count, "files")
