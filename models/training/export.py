"""Writes the trained detector into its package: one ONNX file, the known-answer case, and the passport's digests.

    python export.py detector.pt --arrays ARRAYS --package ../packages/walnut-phantom-detector

Then `walnut model pack --record ../packages/walnut-phantom-detector` records the answers under Walnut's own runtime;
those written here come from the Python runtime and serve until then.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
import torch

import phantoms
import seeds as seed_ranges
from evaluate import case_score
from network import Detector, Shipped

GOLDEN_SEED = 900_001
# Known-answer tensors are stored in steps of 1/20: exact to reproduce, a quarter of the size.
SCALE = 0.05
LARGEST, SPREAD = 32, 32


def export(weights, target):
    model = Detector()
    model.load_state_dict(torch.load(weights, weights_only=True))
    shipped = Shipped(model).eval()
    example = torch.zeros(1, 3, phantoms.SLICES, phantoms.ROWS, phantoms.COLUMNS)
    torch.onnx.export(
        shipped,
        (example,),
        str(target),
        opset_version=17,
        input_names=["bpmri"],
        output_names=["heat", "zones"],
        do_constant_folding=True,
        # The default exporter writes two files and cannot do opset 17 without converting down.
        dynamo=False,
    )
    graph = onnx.load(target)
    onnx.checker.check_model(graph)
    assert not any(node.op_type == "BatchNormalization" for node in graph.graph.node), "batch normalisation is folded"
    assert target.stat().st_size <= 4_000_000, "the issue's limit"
    return shipped


def session_of(target):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(target), options, providers=["CPUExecutionProvider"])


def tensor_digest(name, values):
    """walnut.models.tensor.TensorDigest, layout version 1."""
    shape = "x".join(map(str, values.shape))
    digest = hashlib.sha256(f"walnut-tensor-1\n{name}\nfloat32\n{shape}\n".encode())
    digest.update(np.ascontiguousarray(values, "<f4").tobytes())
    return digest.hexdigest()


def samples(values):
    flat = values.ravel()
    chosen = set(np.argsort(-flat, kind="stable")[:LARGEST].tolist())
    chosen |= {n * len(flat) // SPREAD for n in range(SPREAD)}
    return [{"offset": offset, "value": float(str(np.float32(flat[offset])))} for offset in sorted(chosen)]


def known_answer(session, case, package):
    stored = np.clip(np.rint(case.image[None] / SCALE), -127, 127).astype(np.int8)
    file = package / "golden" / f"phantom-{case.seed}.npy"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, stored)
    # The reader multiplies in double and rounds to float once.
    tensor = (stored.astype(np.float64) * SCALE).astype(np.float32)
    outputs = dict(zip(("heat", "zones"), session.run(["heat", "zones"], {"bpmri": tensor})))
    with open("/proc/cpuinfo") as cpuinfo:
        cpu = next(line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name"))
    return {
        "name": f"phantom-{case.seed}",
        "inputs": [{"name": "bpmri", "file": f"golden/{file.name}", "scale": SCALE}],
        "expected": {
            "outputs": [
                {
                    "name": name,
                    "sha256": tensor_digest(name, values),
                    "samples": samples(values),
                    "tolerance": 0.001,
                }
                for name, values in outputs.items()
            ],
            "caseScoreRaw": case_score(outputs["heat"][0, 0]),
            "caseScoreTolerance": 0.002,
            "recordedUnder": f"ort {onnxruntime.__version__} CPU ALL_OPT threads 1 on amd64 {cpu}",
        },
    }


def listed(package):
    return [
        {
            "path": path.relative_to(package).as_posix(),
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(package.rglob("*"))
        if path.is_file() and path.name != "passport.json"
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights")
    parser.add_argument("--arrays", required=True, help="holds the golden phantom's arrays")
    parser.add_argument("--package", type=pathlib.Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    seed_ranges.assert_within([GOLDEN_SEED], "golden")

    target = options.package / "detector.onnx"
    shipped = export(options.weights, target)
    session = session_of(target)
    case = phantoms.read(pathlib.Path(options.arrays) / f"{GOLDEN_SEED}.npz")
    with torch.no_grad():
        expected = shipped(torch.from_numpy(case.image)[None])[0].numpy()
    found = session.run(["heat"], {"bpmri": case.image[None]})[0]
    distance = float(np.abs(expected - found).max())
    assert distance < 1e-4, f"the exported graph is {distance} away from the trained network"

    passport_file = options.package / "passport.json"
    passport = json.loads(passport_file.read_text())
    passport["onnx"]["file"] = target.name
    passport["knownAnswers"] = [known_answer(session, case, options.package)]
    passport["files"] = listed(options.package)
    passport_file.write_text(json.dumps(passport, indent=2, ensure_ascii=False) + "\n")
    print(f"{target.stat().st_size} bytes, torch against ONNX Runtime {distance:.1e}, golden score "
          f"{passport['knownAnswers'][0]['expected']['caseScoreRaw']:.3f}")


if __name__ == "__main__":
    main()
