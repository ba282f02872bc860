"""Convolutions of Keras with their gradients in float64, for packages/autodiff/fixtures/*convolutions.json. Needs jax 0.10.2 beyond requirements.txt."""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import keras
import numpy as np

OUT = Path(__file__).parents[2] / "packages" / "autodiff" / "fixtures"

# (x, filter, options of keras.ops.conv, groups); padding may be pairs, which are zeros put around x first.
CONVOLUTIONS = [
    ([2, 7, 3], [3, 3, 4], {}),
    ([2, 8, 3], [3, 3, 2], {"strides": 2, "padding": "same"}),
    ([1, 9, 2], [3, 2, 3], {"dilation_rate": 2}),
    ([1, 9, 2], [4, 2, 3], {"dilation_rate": 2, "padding": "same"}),
    ([2, 9, 2], [3, 2, 2], {"dilation_rate": 3, "padding": "causal"}),
    ([2, 9, 2], [3, 2, 2], {"strides": 2, "padding": "causal"}),
    ([1, 7, 4], [2, 2, 6], {"padding": "same", "groups": 2}),
    ([1, 7, 2], [3, 2, 2], {"padding": [[3, 1]], "strides": 2}),
    ([1, 5, 6, 2], [3, 2, 2, 3], {}),
    ([2, 5, 6, 2], [3, 4, 2, 2], {"padding": "same"}),
    ([1, 6, 7, 2], [3, 3, 2, 2], {"strides": [2, 3], "padding": "same"}),
    ([1, 5, 6, 1], [2, 2, 1, 2], {"strides": 3, "padding": "same"}),
    ([1, 8, 9, 1], [3, 2, 1, 2], {"dilation_rate": [2, 3]}),
    ([1, 6, 5, 2], [3, 3, 2, 2], {"dilation_rate": 2, "padding": "same"}),
    ([1, 5, 5, 4], [3, 3, 2, 6], {"groups": 2, "padding": "same"}),
    ([1, 5, 5, 6], [2, 2, 2, 3], {"groups": 3, "strides": 2}),
    ([1, 6, 6, 4], [2, 2, 2, 2], {"groups": 2, "dilation_rate": 2}),
    ([1, 5, 5, 3], [3, 3, 1, 6], {"groups": 3, "padding": "same"}),
    ([1, 5, 4, 2], [3, 3, 2, 2], {"padding": [[2, 0], [1, 3]]}),
    ([2, 4, 5, 4, 2], [3, 2, 2, 2, 2], {}),
    ([1, 4, 4, 5, 2], [2, 3, 3, 2, 2], {"padding": "same"}),
    ([1, 5, 4, 5, 1], [3, 3, 2, 1, 2], {"strides": [2, 1, 3], "padding": "same"}),
    ([1, 5, 3, 3, 1], [1, 1, 1, 1, 2], {"strides": 2, "padding": "same"}),
    ([1, 6, 5, 5, 1], [3, 2, 2, 1, 2], {"dilation_rate": [2, 3, 2]}),
    ([1, 4, 4, 3, 2], [3, 2, 2, 2, 1], {"dilation_rate": 2, "padding": "same"}),
    ([1, 3, 4, 3, 4], [2, 2, 2, 2, 4], {"groups": 2, "padding": "same"}),
    ([1, 3, 3, 3, 2], [2, 2, 2, 1, 4], {"groups": 2}),
    ([1, 3, 3, 3, 1], [3, 3, 3, 1, 1], {"padding": [[2, 0], [0, 1], [1, 1]], "strides": [2, 1, 1]}),
]

DEPTHWISE = [
    ([2, 7, 3], [3, 3, 1], {}),
    ([1, 8, 2], [3, 2, 2], {"strides": 2, "padding": "same"}),
    ([1, 9, 2], [3, 2, 2], {"dilation_rate": 2, "padding": "same"}),
    ([1, 9, 2], [3, 2, 1], {"dilation_rate": 2, "padding": "causal"}),
    ([2, 5, 6, 2], [3, 2, 2, 1], {}),
    ([1, 6, 7, 2], [3, 3, 2, 3], {"strides": 2, "padding": "same"}),
    ([1, 7, 6, 3], [2, 3, 3, 2], {"dilation_rate": [2, 1], "padding": "same"}),
    ([1, 8, 7, 1], [3, 2, 1, 2], {"dilation_rate": 3}),
]

TRANSPOSED = [
    ([2, 4, 3], [3, 2, 3], {}),
    ([1, 4, 2], [3, 2, 2], {"strides": 2, "padding": "same"}),
    ([1, 4, 2], [2, 2, 2], {"strides": 3}),
    ([1, 4, 2], [2, 2, 2], {"strides": 3, "padding": "same"}),
    ([1, 4, 2], [4, 1, 2], {"strides": 3, "output_padding": 1}),
    ([1, 4, 2], [5, 1, 2], {"strides": 2, "padding": "same", "output_padding": 0}),
    ([1, 4, 2], [4, 1, 2], {"strides": 3, "padding": "same", "output_padding": 2}),
    ([1, 5, 2], [3, 2, 2], {"dilation_rate": 2}),
    ([1, 5, 2], [3, 2, 2], {"dilation_rate": 3, "padding": "same"}),
    ([2, 3, 4, 2], [3, 2, 3, 2], {}),
    ([1, 3, 4, 2], [3, 3, 2, 2], {"strides": 2, "padding": "same"}),
    ([1, 3, 4, 2], [4, 4, 1, 2], {"strides": 2, "padding": "same"}),
    ([1, 3, 3, 1], [3, 2, 2, 1], {"strides": [3, 2], "padding": "valid"}),
    ([1, 3, 3, 1], [3, 3, 2, 1], {"strides": 2, "padding": "same", "output_padding": [0, 1]}),
    ([1, 4, 4, 1], [3, 2, 2, 1], {"dilation_rate": [2, 3], "padding": "same"}),
    ([1, 2, 3, 2, 2], [2, 3, 2, 1, 2], {}),
    ([1, 2, 3, 3, 1], [3, 2, 3, 2, 1], {"strides": 2, "padding": "same"}),
    ([1, 3, 2, 2, 1], [1, 2, 3, 2, 1], {"strides": [2, 3, 1]}),
    ([1, 2, 2, 3, 1], [3, 3, 3, 2, 1], {"strides": 2, "padding": "same", "output_padding": 0}),
    ([1, 3, 3, 3, 1], [2, 2, 2, 2, 1], {"dilation_rate": 2}),
]


def pads(options):
    """Explicit and causal padding as zeros around x, which Keras' layers do in the same way; the rest of the options."""
    rest = dict(options)
    rest.pop("groups", None)
    padding = rest.pop("padding", "valid")
    return (padding, rest)


def around(x, filter_shape, options):
    padding, rest = pads(options)
    if padding == "causal":
        before = rest.get("dilation_rate", 1) * (filter_shape[0] - 1)
        return keras.ops.pad(x, [[0, 0], [before, 0], [0, 0]]), {**rest, "padding": "valid"}
    if isinstance(padding, list):
        return keras.ops.pad(x, [[0, 0], *padding, [0, 0]]), {**rest, "padding": "valid"}
    return x, {**rest, "padding": padding}


def plain(operation):
    def run(x, w, options):
        image, rest = around(x, w.shape, options)
        return operation(image, w, **rest)

    return run


def short(values):
    return [float(f"{v:.8g}") for v in np.asarray(values, np.float64).ravel()]


def exact(random, shape):
    """Numbers of few digits that float32 holds exactly."""
    return np.round(random.normal(size=shape) * 64) / 64


def case(random, operation, shape, filter_shape, options):
    x, w = exact(random, shape), exact(random, filter_shape)
    y, back = jax.vjp(lambda x, w: operation(x, w, options), x, w)
    dy = exact(random, y.shape)
    dx, dw = back(dy)
    return {
        "options": options,
        "x": {"shape": shape, "values": x.ravel().tolist()},
        "filter": {"shape": filter_shape, "values": w.ravel().tolist()},
        "y": {"shape": list(y.shape), "values": short(y)},
        "dy": dy.ravel().tolist(),
        "dx": short(dx),
        "dFilter": short(dw),
    }


def main():
    random = np.random.default_rng(17)
    families = {
        "convolutions": (plain(keras.ops.conv), CONVOLUTIONS),
        "depthwise-convolutions": (plain(keras.ops.depthwise_conv), DEPTHWISE),
        "transposed-convolutions": (lambda x, w, options: keras.ops.conv_transpose(x, w, **options), TRANSPOSED),
    }
    OUT.mkdir(exist_ok=True)
    for name, (operation, cases) in families.items():
        rows = [json.dumps(case(random, operation, *one), separators=(",", ":")) for one in cases]
        path = OUT / f"{name}.json"
        path.write_text("{\n" + f'"keras": "{keras.__version__}",\n"cases": [\n' + ",\n".join(rows) + "\n]\n}\n")
        print(f"{path.relative_to(OUT.parents[2])}: {path.stat().st_size} bytes, {len(rows)} cases")


main()
