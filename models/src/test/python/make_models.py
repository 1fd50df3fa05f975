"""Small ONNX graphs for the tests, each a few kB, written node by node so that no training framework is needed.

tiny_*: inputs `bpmri` [1,3,4,6,8], outputs `heat` [1,1,4,6,8] and `zones` [1,3,4,6,8].
stub_detector: the shapes of the phantom detector; its heat is the sigmoid of a linear combination of the channels
inside a fixed box, its zones are fixed. It knows nothing of lesions; it lets the corridor be wired before training.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OUT = Path(sys.argv[1])
IR_VERSION = 8
OPSET = 17
TINY = (4, 6, 8)
DETECTOR = (20, 96, 96)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def save(name, nodes, initializers, inputs, outputs, opsets=(("", OPSET),)):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, t, s) for n, t, s in outputs],
        initializers,
    )
    model = helper.make_model(
        graph,
        producer_name="walnut-tests",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid(d, v) for d, v in opsets],
    )
    path = OUT / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    print(path, path.stat().st_size)


def detector_nodes(size, weights, bias):
    """heat = sigmoid(w·x + b) · gland; zones = (1 - gland, posterior gland, anterior gland)."""
    d, h, w = size

    def box(n, lower, upper):
        centre = np.arange(n) + 0.5
        return ((centre >= lower * n) & (centre < upper * n)).astype(np.float32)

    initializers = [
        constant("weights", np.asarray(weights, np.float32).reshape(1, 3, 1, 1, 1)),
        constant("bias", np.asarray([bias], np.float32)),
        constant("one", np.asarray([1], np.float32)),
        constant("gland_d", box(d, 0.15, 0.85).reshape(1, 1, d, 1, 1)),
        constant("gland_h", box(h, 0.30, 0.70).reshape(1, 1, 1, h, 1)),
        constant("gland_w", box(w, 0.25, 0.75).reshape(1, 1, 1, 1, w)),
        constant("posterior", box(h, 0.5, 1.0).reshape(1, 1, 1, h, 1)),
    ]
    nodes = [
        helper.make_node("Conv", ["bpmri", "weights", "bias"], ["logit"], kernel_shape=[1, 1, 1]),
        helper.make_node("Sigmoid", ["logit"], ["score"]),
        helper.make_node("Mul", ["gland_d", "gland_h"], ["gland_dh"]),
        helper.make_node("Mul", ["gland_dh", "gland_w"], ["gland"]),
        helper.make_node("Mul", ["score", "gland"], ["heat"]),
        helper.make_node("Sub", ["one", "gland"], ["background"]),
        helper.make_node("Mul", ["gland", "posterior"], ["peripheral"]),
        helper.make_node("Sub", ["gland", "peripheral"], ["transition"]),
        helper.make_node("Concat", ["background", "peripheral", "transition"], ["zones"], axis=1),
    ]
    return nodes, initializers


def interface(size):
    f = TensorProto.FLOAT
    return [("bpmri", f, (1, 3, *size))], [("heat", f, (1, 1, *size)), ("zones", f, (1, 3, *size))]


def main():
    tiny_in, tiny_out = interface(TINY)

    nodes, init = detector_nodes(DETECTOR, [-0.2, -1.2, 0.8], -1.5)
    save("packages/stub-detector/detector", nodes, init, *interface(DETECTOR))

    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    save("onnx/tiny", nodes, init, tiny_in, tiny_out)

    nodes, init = detector_nodes(TINY, [0.5, np.nan, 2.0], 0.25)
    save("onnx/tiny_nan_weight", nodes, init, tiny_in, tiny_out)

    # 0 / 0 for every voxel: finite weights, an answer that is none.
    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    nodes[4] = helper.make_node("Mul", ["score", "gland"], ["masked"])
    nodes += [
        helper.make_node("Sub", ["masked", "masked"], ["nothing"]),
        helper.make_node("Div", ["nothing", "nothing"], ["heat"]),
    ]
    save("onnx/tiny_answers_nan", nodes, init, tiny_in, tiny_out)

    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    nodes[1] = helper.make_node("Identity", ["logit"], ["score"])
    save("onnx/tiny_out_of_range", nodes, init, tiny_in, tiny_out)

    nodes, init = detector_nodes((4, 6, 6), [0.5, -1.0, 2.0], 0.25)
    save("onnx/tiny_other_shape", nodes, init, *interface((4, 6, 6)))

    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    save("onnx/tiny_other_opset", nodes, init, tiny_in, tiny_out, opsets=(("", 16),))

    # A contributed operator of ONNX Runtime's own domain: runs, but the passport does not allow it.
    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    nodes[1] = helper.make_node("QuickGelu", ["logit"], ["score"], domain="com.microsoft")
    save("onnx/tiny_contributed_operator", nodes, init, tiny_in, tiny_out, opsets=(("", OPSET), ("com.microsoft", 1)))

    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    nodes[1] = helper.make_node("Detonate", ["logit"], ["score"], domain="com.example")
    save("onnx/tiny_custom_operator", nodes, init, tiny_in, tiny_out, opsets=(("", OPSET), ("com.example", 1)))

    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    weights = TensorProto()
    weights.CopyFrom(init[0])
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "weights.bin"
    init[0] = weights
    save("onnx/tiny_external_data", nodes, init, tiny_in, tiny_out)

    never_returns(tiny_in, tiny_out)
    point_score()
    normalised_convolution(tiny_in, tiny_out)


def point_score():
    """score = sigmoid(mean over the patch of w·x), of any number of patches."""
    f = TensorProto.FLOAT
    nodes = [
        helper.make_node("Conv", ["patch", "weights"], ["weighted"], kernel_shape=[1, 1, 1]),
        helper.make_node("ReduceMean", ["weighted"], ["mean"], axes=[2, 3, 4], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["score"]),
    ]
    init = [constant("weights", np.asarray([-0.2, -1.2, 0.8], np.float32).reshape(1, 3, 1, 1, 1))]
    save("onnx/point", nodes, init, [("patch", f, ("N", 3, *TINY))], [("score", f, ("N", 1))])


def normalised_convolution(inputs, outputs):
    """Convolution and batch normalisation, which optimisation fuses: another order of rounding, other last bits."""
    rng = np.random.default_rng(20261127)
    channels = 8
    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    init += [
        constant("kernel", rng.normal(0, 0.3, (channels, 3, 3, 3, 3)).astype(np.float32)),
        constant("gamma", rng.uniform(0.5, 1.5, channels).astype(np.float32)),
        constant("beta", rng.normal(0, 0.5, channels).astype(np.float32)),
        constant("mean", rng.normal(0, 0.5, channels).astype(np.float32)),
        constant("variance", rng.uniform(0.3, 2.0, channels).astype(np.float32)),
        constant("mix", rng.normal(0, 0.5, (1, channels, 1, 1, 1)).astype(np.float32)),
    ]
    nodes[0:1] = [
        helper.make_node("Conv", ["bpmri", "kernel"], ["convolved"], kernel_shape=[3, 3, 3], pads=[1] * 6),
        helper.make_node("BatchNormalization", ["convolved", "gamma", "beta", "mean", "variance"], ["normal"]),
        helper.make_node("Relu", ["normal"], ["positive"]),
        helper.make_node("Conv", ["positive", "mix"], ["logit"], kernel_shape=[1, 1, 1]),
    ]
    init = [i for i in init if i.name not in ("weights", "bias")]
    save("onnx/tiny_normalised", nodes, init, inputs, outputs)


def never_returns(inputs, outputs):
    """A loop of 2^62 rounds before the first answer."""
    f = TensorProto.FLOAT
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go_in"], ["go_out"]),
            helper.make_node("Cos", ["state_in"], ["state_out"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_in", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state_in", f, (1, 3, *TINY)),
        ],
        [
            helper.make_tensor_value_info("go_out", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state_out", f, (1, 3, *TINY)),
        ],
    )
    nodes, init = detector_nodes(TINY, [0.5, -1.0, 2.0], 0.25)
    init += [constant("rounds", np.asarray(2**62, np.int64)), constant("go", np.asarray(True))]
    nodes.insert(0, helper.make_node("Loop", ["rounds", "go", "bpmri"], ["turned"], body=body))
    nodes[1] = helper.make_node("Conv", ["turned", "weights", "bias"], ["logit"], kernel_shape=[1, 1, 1])
    save("onnx/tiny_never_returns", nodes, init, inputs, outputs)


if __name__ == "__main__":
    main()
