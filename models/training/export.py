"""Writes a trained model into its package: one ONNX file, the known answers, and the passport's digests.

    python export.py detector detector.pt --arrays ARRAYS --package ../packages/walnut-phantom-detector
    python export.py classifier classifier.pt --arrays ARRAYS --package ../packages/walnut-phantom-lesion-classifier

Then `walnut model pack --record PACKAGE` records the answers under Walnut's own runtime; those written here come from
the Python runtime and serve until then.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
import torch

import classifier
import network
import phantoms
import seeds as seed_ranges
from evaluate import case_score, session_of

GOLDEN_SEEDS = (900_001, 900_002)
# Known-answer tensors are stored in steps of 1/20: exact to reproduce, a quarter of the size.
SCALE = 0.05
LARGEST, SPREAD = 32, 32


def export(kind, weights, target):
    """Writes the ONNX file; returns the network as shipped."""
    if kind == "detector":
        model, wrap, inputs, outputs = network.Detector(), network.Shipped, ["bpmri"], ["heat", "zones"]
        example = torch.zeros(1, 3, phantoms.SLICES, phantoms.ROWS, phantoms.COLUMNS)
    else:
        model, wrap, inputs, outputs = classifier.Classifier(), classifier.Shipped, ["patch"], ["score"]
        example = torch.zeros(1, 3, *phantoms.PATCH)
    model.load_state_dict(torch.load(weights, weights_only=True))
    shipped = wrap(model).eval()
    torch.onnx.export(
        shipped,
        (example,),
        str(target),
        opset_version=17,
        input_names=inputs,
        output_names=outputs,
        do_constant_folding=True,
        # The default exporter writes two files and cannot do opset 17 without converting down.
        dynamo=False,
    )
    graph = onnx.load(target)
    onnx.checker.check_model(graph)
    assert not any(node.op_type == "BatchNormalization" for node in graph.graph.node), "batch normalisation is folded"
    assert target.stat().st_size <= 4_000_000, "the issue's limit"
    return shipped


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


def known_answer(session, name, values, score_of, package):
    """Stores one input and what the model answers to it; score_of takes the outputs by name."""
    stored = np.clip(np.rint(values[None] / SCALE), -127, 127).astype(np.int8)
    file = package / "golden" / f"{name}.npy"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, stored)
    # The reader multiplies in double and rounds to float once.
    tensor = (stored.astype(np.float64) * SCALE).astype(np.float32)
    model_input = session.get_inputs()[0].name
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, {model_input: tensor})))
    with open("/proc/cpuinfo") as cpuinfo:
        cpu = next(line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name"))
    return {
        "name": name,
        "inputs": [{"name": model_input, "file": f"golden/{file.name}", "scale": SCALE}],
        "expected": {
            "outputs": [
                {
                    "name": output,
                    "sha256": tensor_digest(output, values),
                    "samples": samples(values),
                    "tolerance": 0.001,
                }
                for output, values in outputs.items()
            ],
            "caseScoreRaw": score_of(outputs),
            "caseScoreTolerance": 0.002,
            "recordedUnder": f"ort {onnxruntime.__version__} CPU ALL_OPT threads 1 on amd64 {cpu}",
        },
    }


def golden_inputs(kind, arrays):
    """(name, tensor without batch axis): whole golden phantoms, or patches round a cancer and round a mimic in them."""
    for seed in GOLDEN_SEEDS:
        file = phantoms.file_of(arrays, seed)
        case, cutter = phantoms.read_with_patches(file)
        if kind == "detector":
            yield f"phantom-{seed}", case.image
        else:
            for number, (place, _, what) in enumerate(phantoms.points_of(case.truth)[:2]):
                yield f"patch-{seed}-{number + 1}-{what.lower().replace(' ', '-').replace('_', '-')}", cutter.around(place)


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
    parser.add_argument("kind", choices=["detector", "classifier"])
    parser.add_argument("weights")
    parser.add_argument("--arrays", required=True, help="holds the golden phantoms' arrays")
    parser.add_argument("--package", type=pathlib.Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    seed_ranges.assert_within(GOLDEN_SEEDS, "golden")

    target = options.package / f"{options.kind}.onnx"
    shipped = export(options.kind, options.weights, target)
    session = session_of(target)
    for old in (options.package / "golden").glob("*.npy"):
        old.unlink()

    def score_of(outputs):
        return case_score(outputs["heat"][0, 0]) if "heat" in outputs else float(outputs["score"][0, 0])

    answers, distance = [], 0.0
    for name, values in golden_inputs(options.kind, options.arrays):
        with torch.no_grad():
            expected = shipped(torch.from_numpy(values)[None])
        expected = (expected[0] if options.kind == "detector" else expected).numpy()
        found = session.run(None, {session.get_inputs()[0].name: values[None]})[0]
        distance = max(distance, float(np.abs(expected - found).max()))
        answers.append(known_answer(session, name, values, score_of, options.package))
    assert distance < 1e-4, f"the exported graph is {distance} away from the trained network"

    passport_file = options.package / "passport.json"
    passport = json.loads(passport_file.read_text())
    passport["onnx"]["file"] = target.name
    passport["knownAnswers"] = answers
    passport["files"] = listed(options.package)
    passport_file.write_text(json.dumps(passport, indent=2, ensure_ascii=False) + "\n")
    scores = ", ".join(f"{a['name']} {a['expected']['caseScoreRaw']:.3f}" for a in answers)
    print(f"{target.stat().st_size} bytes, torch against ONNX Runtime {distance:.1e}, {scores}")


if __name__ == "__main__":
    main()
