"""8-bit matrix products whose results do not depend on what else is in the batch.

Post-training static quantization (Jacob et al. 2018, "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", section 2; weights per column, Krishnamoorthi 2018): the
range of every activation is measured once, on sentences, and written into the graph.  Dynamic
quantization takes the range of each batch instead; then a sentence's score depends on its neighbours.

Knows ONNX graphs; must not know what they compute.  Needs onnx (the `train` extra).  ONNX Runtime's own
`quantize_static` rounds residual connections too, and leaves the biases apart: a fifth slower here.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

Feeds: TypeAlias = Mapping[str, Any]  # one run's inputs
_LEVELS, _SIDE = 255, 127
_TINY = 1e-6


def quantize(graph: Path, target: Path, runs: Sequence[Feeds]) -> None:
    """Write `graph` to `target` with 8-bit products and embeddings.

    runs: inputs like those that the graph will see; activations outside of the ranges that these
    reach are clipped.  Raises ValueError where there are none.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    if not runs:
        raise ValueError("the ranges of activations are measured on runs: at least one is expected")
    model = onnx.load(str(graph))
    _products(model, _ranges(graph, runs))
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        half = Path(scratch) / "half.onnx"
        onnx.save(model, str(half))
        quantize_dynamic(  # of embeddings only the weights are rounded, so nothing is dynamic about them
            str(half),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["Gather"],
        )


def without_gemm(graph: Path) -> None:
    """Rewrite products of matrices with weights as those of any arrays are: a product, and a sum."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(graph))
    nodes: list[Any] = []
    turned: dict[str, Any] = {}
    known = {i.name: i for i in model.graph.initializer}
    for n in model.graph.node:
        if n.op_type != "Gemm":
            nodes.append(n)
            continue
        x, w, bias = n.input
        name = f"{w}_turned"
        turned[name] = numpy_helper.from_array(numpy_helper.to_array(known[w]).T.copy(), name)
        product = f"{n.output[0]}_product"
        nodes.append(helper.make_node("MatMul", [x, name], [product]))
        nodes.append(helper.make_node("Add", [product, bias], list(n.output)))
    used = {name for n in nodes for name in n.input}
    kept = [i for i in model.graph.initializer if i.name in used] + list(turned.values())
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    onnx.save(model, str(graph))


def _constants(graph: Any) -> dict[str, Any]:
    from onnx import numpy_helper

    out = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for n in graph.node:
        if n.op_type == "Constant":
            out[n.output[0]] = numpy_helper.to_array(n.attribute[0].t)
    return out


def _by_weights(graph: Any, known: Mapping[str, Any]) -> Iterable[Any]:
    return (n for n in graph.node if n.op_type == "MatMul" and n.input[1] in known)


def _ranges(path: Path, runs: Sequence[Feeds]) -> dict[str, tuple[float, float]]:
    """The least and the greatest value, 0 included, of what is multiplied with weights."""
    import onnx
    import onnxruntime

    model = onnx.load(str(path))
    names = sorted({n.input[0] for n in _by_weights(model.graph, _constants(model.graph))})
    del model.graph.output[:]
    model.graph.output.extend(
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in names
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    low, high = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for feeds in runs:
        for name, value in zip(names, session.run(names, dict(feeds)), strict=True):
            low[name] = min(low[name], float(value.min()))
            high[name] = max(high[name], float(value.max()))
    return {n: (low[n], high[n]) for n in names}


def _products(model: Any, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Make integer products of those with weights, each with the bias that is added to it."""
    import onnx
    from onnx import helper, numpy_helper

    graph = model.graph
    known = _constants(graph)
    uses = Counter(name for n in graph.node for name in n.input)
    uses.update(o.name for o in graph.output)
    biases = {
        n.input[1 - i]: (n, n.input[i])
        for n in graph.node
        if n.op_type == "Add"
        for i in (0, 1)
        if n.input[i] in known and known[n.input[i]].ndim == 1
    }
    added: dict[str, Any] = {}
    nodes: list[Any] = []
    joined: set[str] = set()  # what the sums that are joined to a product give

    def put(name: str, value: Any) -> str:
        added[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    products = {n.output[0] for n in _by_weights(graph, known)}
    for n in graph.node:
        out = n.output[0]
        if out in joined:
            continue
        if out not in products:
            nodes.append(n)
            continue
        x, w = n.input[:2]
        if f"{x}_scale" not in added:
            low, high = ranges[x]
            scale = np.float32(max(high - low, _TINY) / _LEVELS)
            put(f"{x}_scale", scale)
            put(f"{x}_zero", np.uint8(np.clip(np.rint(-low / scale), 0, _LEVELS)))
            nodes.append(
                helper.make_node("QuantizeLinear", [x, f"{x}_scale", f"{x}_zero"], [f"{x}_quantized"])
            )
        if f"{w}_scale" not in added:
            columns = np.maximum(np.abs(known[w]).max(axis=0), _TINY).astype(np.float32) / _SIDE
            put(f"{w}_scale", columns)
            put(f"{w}_quantized", np.clip(np.rint(known[w] / columns), -_SIDE, _SIDE).astype(np.int8))
        inputs = [f"{x}_quantized", f"{w}_quantized", f"{x}_scale", f"{w}_scale", f"{x}_zero"]
        if out in biases and uses[out] == 1:
            total, bias = biases[out]
            out = total.output[0]
            joined.add(out)
            inputs += ["", bias]
        nodes.append(helper.make_node("MatMulIntegerToFloat", inputs, [out], domain="com.microsoft"))
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for n in nodes for name in n.input}
    kept = [i for i in graph.initializer if i.name in used] + list(added.values())
    del graph.initializer[:]
    graph.initializer.extend(kept)
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
