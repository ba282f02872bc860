"""`case` of layer_cases.py on Keras' JAX backend in float64, for layers that TensorFlow cannot differentiate on a CPU or in float64: grouped and dilated
convolutions, volumes. Needs jax beside requirements.txt. Import it before anything that imports keras.
"""

import json
import os
import re

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import numpy as np
from layer_cases import FIXTURES, array, as_list, keras


def steps(random, shape):
    """Multiples of 1/16, which float32 holds exactly."""
    return np.round(random.normal(size=shape) * 16) / 16


def distinct(random, shape):
    """Different multiples of 1/8 around 0: no maximum is taken twice."""
    size = int(np.prod(shape))
    return ((random.permutation(size) - size // 2) / 8).reshape(shape)


def case(kind, options, layer, inputs, *, masks=None, seed=7):
    """Runs a layer on weights of its own numbers: outputs and all gradients of their weighted sum."""
    random = np.random.default_rng(seed)
    keywords = {} if masks is None else {"mask": jnp.asarray(masks[0])}
    layer(*[jnp.asarray(x) for x in inputs], **keywords)
    weights = [steps(random, variable.shape) for variable in layer.trainable_variables]
    names = [variable.path.split("/")[-1] for variable in layer.trainable_variables]

    def outputs_of(values, given):
        outputs, _ = layer.stateless_call(values, [], *given, **keywords)
        return as_list(outputs)

    def total(values, given):
        flat = jnp.concatenate([y.ravel() for y in outputs_of(values, given)])
        return jnp.sum(flat * jnp.cos(jnp.arange(flat.size)))

    arguments = [jnp.asarray(x) for x in inputs]
    values = [jnp.asarray(w) for w in weights]
    by_weights, by_inputs = jax.grad(total, (0, 1))(values, arguments)
    found = {
        "type": kind,
        "options": options,
        "inputs": [array(x) for x in inputs],
        "weights": dict(zip(names, map(array, weights))),
        "outputs": [array(np.array(y)) for y in outputs_of(values, arguments)],
        "inputGradients": [array(np.array(g)) for g in by_inputs],
        "weightGradients": {name: array(np.array(g)) for name, g in zip(names, by_weights)},
    }
    if masks is not None:
        found["masks"] = [array(m) for m in masks]
        assert layer.compute_mask(arguments[0], jnp.asarray(masks[0])) is None
    return found


def camel(text):
    return re.sub("_(.)", lambda match: match[1].upper(), text)


def plain(value):
    """A value of a config: parts by their class, names in our spelling."""
    if isinstance(value, dict):
        return value["class_name"]
    if isinstance(value, str):
        return camel(value)
    return list(value) if isinstance(value, tuple) else value


def write_configs(name, layers):
    """Writes what Keras puts into the configs of layers to fixtures/NAME-configs.json: names and types are left out, as are penalties of outputs."""
    left_out = ("name", "dtype", "trainable", "activity_regularizer")
    rows = [
        {"type": type(layer).__name__, "config": {camel(key): plain(value) for key, value in layer.get_config().items() if key not in left_out}}
        for layer in layers
    ]
    text = json.dumps({"keras": keras.__version__, "configs": rows}, separators=(",", ":")).replace('{"type"', '\n{"type"') + "\n"
    (FIXTURES / f"{name}-configs.json").write_text(text)
