"""Outputs and gradients of Keras' recurrent layers, for packages/layers/fixtures/recurrent*.json.

Each case is a layer with its arguments, inputs, a mask where it has one, and weights that tell gates apart; Keras gives all outputs, and the gradients of a sum of
the outputs, weighted by fixed numbers, by every input and weight. Everything is float64 on the TensorFlow backend. LSTM and GRU (reset_after) are also run by PyTorch,
with the weights moved to where it has them, and the script fails where the two differ. Dropout is not here: its random numbers are Keras' own.
Arguments are written with the names of this project. Run: python tools/reference/layers_recurrent.py
"""

import json
import os
import re
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
import torch

TARGET = Path(__file__).parents[2] / "packages/layers/fixtures"
keras.config.set_floatx("float64")
L = keras.layers
MASK = [[True, True, True, True], [False, True, False, True], [True, True, False, False]]


def numbers(shape, seed, scale=1.0):
    """Multiples of 1/256, which float32 holds exactly."""
    values = np.random.default_rng(seed).uniform(-scale, scale, shape)
    return np.round(values * 256) / 256


def camel(name):
    return re.sub(r"_(.)", lambda m: m.group(1).upper(), name)


def values(tensor):
    return [float(f"{value:.9g}") for value in np.asarray(tensor).reshape(-1)]


def array(tensor):
    return {"shape": list(tensor.shape), "values": values(tensor)}


def argument(value):
    """A layer among the arguments becomes { layer, args, options }."""
    if isinstance(value, tuple) and len(value) == 3 and isinstance(value[0], str):
        return {"layer": value[0], "args": [argument(v) for v in value[1]], "options": options_of(value[2])}
    if isinstance(value, list):
        return [argument(v) for v in value]
    return value


def options_of(options):
    return {camel(name): argument(value) for name, value in options.items()}


def made(spec):
    name, args, options = spec
    build = lambda v: made(v) if isinstance(v, tuple) else [build(e) for e in v] if isinstance(v, list) else v
    return getattr(L, name)(*[build(a) for a in args], **{key: build(v) for key, v in options.items()})


def weighting(shape, seed):
    return numbers(shape, 1000 + seed)


def case(label, spec, shape, states=(), mask=None, steps=1, seed=0):
    """Runs a layer on `steps` batches (more than one for states that stay); the gradients are those of the last."""
    layer = made(spec)
    batches = [numbers(shape, seed + 10 + i) for i in range(steps)]
    initial = [numbers(s, seed + 30 + i) for i, s in enumerate(states)]
    # Weights are set before anything runs.
    kwargs = {"initial_state": [tf.constant(s) for s in initial]} if initial else {}
    if mask is not None:
        kwargs["mask"] = tf.constant(mask)
    layer(tf.constant(batches[0]), **kwargs)
    weights = [w for w in layer.weights if "seed" not in w.path and "rnn_state" not in w.name]
    for i, w in enumerate(weights):
        w.assign(numbers(w.shape, seed + 50 + i, 0.75 if len(w.shape) > 1 else 0.5))
    for part in [layer, *[getattr(layer, n) for n in ("layer", "forward_layer", "backward_layer") if hasattr(layer, n)]]:
        if isinstance(part, L.RNN):
            part.reset_state()
    for batch in batches[:-1]:
        layer(tf.constant(batch), **kwargs)
    inputs = [tf.constant(batches[-1])] + [tf.constant(s) for s in initial]
    if initial:
        kwargs["initial_state"] = inputs[1:]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs[0], **kwargs)
        outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
        total = tf.add_n([tf.reduce_sum(o * weighting(o.shape, i)) for i, o in enumerate(outputs)])
    trained = [w for w in weights if w.trainable]
    gradients = tape.gradient(total, inputs + [w.value for w in trained], unconnected_gradients="zero")
    config = {camel(k): v for k, v in layer.get_config().items()}
    return {
        "label": label,
        **argument(spec),
        "configKeys": sorted(config),
        "batches": [array(b) for b in batches],
        "states": [array(s) for s in initial],
        **({} if mask is None else {"mask": mask}),
        "weights": [array(w.numpy()) for w in weights],
        "outputs": [array(o) for o in outputs],
        "weighting": [values(weighting(o.shape, i)) for i, o in enumerate(outputs)],
        "inputGradients": [values(g) for g in gradients[: len(inputs)]],
        "weightGradients": [values(g) for g in gradients[len(inputs) :]],
    }


def torch_agrees(kind, label, result, units):
    """Runs the same numbers by PyTorch; its gates are i, f, g, o and r, z, n."""
    order = [0, 1, 2, 3] if kind == "LSTM" else [1, 0, 2]
    gates = len(order)
    kernel, recurrent, bias = [np.reshape(w["values"], w["shape"]) for w in result["weights"]]
    moved = lambda w: torch.tensor(np.concatenate([np.split(w, gates, -1)[g] for g in order], -1).T.copy(), requires_grad=True)
    x = torch.tensor(np.reshape(result["batches"][-1]["values"], result["batches"][-1]["shape"]), requires_grad=True)
    module = getattr(torch.nn, kind)(x.shape[-1], units, batch_first=True, dtype=torch.float64)
    rows = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
    with torch.no_grad():
        module.weight_ih_l0.copy_(moved(kernel))
        module.weight_hh_l0.copy_(moved(recurrent))
        module.bias_ih_l0.copy_(moved(rows[0]))
        module.bias_hh_l0.copy_(moved(rows[1]))
    states = [torch.tensor(np.reshape(s["values"], s["shape"]))[None] for s in result["states"]]
    given = () if not states else (tuple(states) if kind == "LSTM" else states[0],)
    y, last = module(x, *given)
    outputs = [y, *[s[0] for s in (last if kind == "LSTM" else (last,))]]
    for o, expected in zip(outputs, result["outputs"], strict=True):
        np.testing.assert_allclose(o.detach().numpy().reshape(-1), expected["values"], rtol=1e-7, atol=1e-9)
    total = sum((o * torch.tensor(np.reshape(w, o.shape))).sum() for o, w in zip(outputs, result["weighting"]))
    total.backward()
    back = lambda g: np.concatenate([np.split(g.numpy().T, gates, -1)[order.index(i)] for i in range(gates)], -1)
    expected = [np.reshape(g, w["shape"]) for g, w in zip(result["weightGradients"], result["weights"])]
    np.testing.assert_allclose(x.grad.numpy().reshape(-1), result["inputGradients"][0], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(back(module.weight_ih_l0.grad), expected[0], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(back(module.weight_hh_l0.grad), expected[1], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(back(module.bias_ih_l0.grad), expected[2] if bias.ndim == 1 else expected[2][0], rtol=1e-7, atol=1e-9)
    if bias.ndim == 2:
        np.testing.assert_allclose(back(module.bias_hh_l0.grad), expected[2][1], rtol=1e-7, atol=1e-9)
    return {**result, "label": f"{label}, as PyTorch too"}


def family(name, units, states, extra):
    shape = (3, 4, 2)
    state = [(3, units)] * states
    rows = [
        ("plain", {}, {}),
        ("sequences", {"return_sequences": True}, {}),
        ("backwards, all outputs and states", {"return_sequences": True, "return_state": True, "go_backwards": True}, {}),
        ("initial states", {"return_state": True}, {"states": state}),
        ("without bias", {"use_bias": False, "return_sequences": True}, {}),
        ("masked", {"return_sequences": True, "return_state": True}, {"mask": MASK}),
        ("masked, last output", {}, {"mask": MASK}),
        ("masked, states given", {"return_sequences": True, "return_state": True}, {"mask": MASK, "states": state}),
        ("masked, states given, last output", {"return_state": True}, {"mask": MASK, "states": state}),
        ("masked to zero", {"return_sequences": True, "zero_output_for_mask": True}, {"mask": MASK, "states": state}),
        ("masked to zero, last output", {"return_state": True, "zero_output_for_mask": True}, {"mask": MASK}),
        ("masked, backwards", {"return_sequences": True, "return_state": True, "go_backwards": True}, {"mask": MASK, "states": state}),
        ("stateful", {"return_sequences": True, "stateful": True}, {"steps": 3}),
        ("stateful, masked", {"return_state": True, "stateful": True}, {"steps": 2, "mask": MASK}),
        ("another activation", {"activation": "softsign", "return_sequences": True}, {"mask": MASK}),
        ("unrolled", {"unroll": True, "return_sequences": True}, {}),
        *extra,
    ]
    return [
        case(f"{name}: {label}", (name, [units], options), shape, seed=7 * i, **given)
        for i, (label, options, given) in enumerate(rows)
    ]


def cells():
    shape, stack = (3, 4, 2), [("LSTMCell", [2], {}), ("GRUCell", [3], {}), ("SimpleRNNCell", [2], {})]
    states = [(3, 2), (3, 2), (3, 3), (3, 2)]
    rows = [
        ("RNN of a GRU cell", ("RNN", [("GRUCell", [3], {"reset_after": False})], {"return_sequences": True}), {}),
        ("RNN of an LSTM cell", ("RNN", [("LSTMCell", [3], {})], {"return_state": True}), {"mask": MASK, "states": [(3, 3), (3, 3)]}),
        ("RNN of a stack", ("RNN", [("StackedRNNCells", [stack], {})], {"return_sequences": True}), {}),
        ("RNN of a list, masked", ("RNN", [stack[:1] + stack[2:]], {"return_sequences": True}), {"mask": MASK}),
    ]
    return [case(label, spec, shape, seed=100 + 7 * i, **given) for i, (label, spec, given) in enumerate(rows)]


def both_ways():
    shape = (3, 4, 2)
    lstm = lambda **o: ("LSTM", [2], o)
    rows = [(f"merged by {m}", ("Bidirectional", [lstm(return_sequences=True)], {"merge_mode": m}), {}) for m in ("concat", "sum", "mul", "ave", None)]
    rows += [
        ("last outputs", ("Bidirectional", [("GRU", [2], {})], {}), {}),
        ("with states", ("Bidirectional", [lstm(return_state=True)], {"merge_mode": None}), {"states": [(3, 2)] * 4}),
        ("masked", ("Bidirectional", [("GRU", [2], {"return_sequences": True, "return_state": True})], {}), {"mask": MASK}),
        ("masked, last outputs", ("Bidirectional", [("SimpleRNN", [2], {})], {}), {"mask": MASK}),
        ("of another layer", ("Bidirectional", [lstm(return_sequences=True)], {"backward_layer": ("GRU", [3], {"return_sequences": True, "go_backwards": True})}), {"mask": MASK}),
        ("stateful", ("Bidirectional", [lstm(return_sequences=True, stateful=True)], {"merge_mode": "sum"}), {"steps": 2}),
    ]
    return [case(f"Bidirectional: {label}", spec, shape, seed=200 + 7 * i, **given) for i, (label, spec, given) in enumerate(rows)]


def distributed():
    rows = [
        ("Dense", ("TimeDistributed", [("Dense", [3], {"activation": "tanh"})], {}), (3, 4, 2), {"mask": MASK}),
        ("Dense on images", ("TimeDistributed", [("Dense", [2], {})], {}), (2, 3, 2, 2), {}),
        ("LSTM", ("TimeDistributed", [("LSTM", [2], {})], {}), (2, 3, 4, 2), {}),
        ("stateful GRU", ("TimeDistributed", [("GRU", [2], {"stateful": True})], {}), (2, 3, 2, 2), {}),
    ]
    return [case(f"TimeDistributed: {label}", spec, shape, seed=300 + 7 * i, **given) for i, (label, spec, shape, given) in enumerate(rows)]


def convolutional():
    small = [[True, True, False], [False, True, True]]
    rows = [
        ("ConvLSTM1D", [2, 3], {}, (2, 3, 6, 2), {}),
        ("ConvLSTM1D", [2, 3], {"padding": "same", "strides": 2, "return_sequences": True, "return_state": True}, (2, 3, 5, 2), {}),
        ("ConvLSTM1D", [2, 2], {"dilation_rate": 2, "return_sequences": True}, (2, 3, 6, 1), {"mask": small}),
        ("ConvLSTM2D", [2, 2], {"return_sequences": True}, (2, 3, 4, 3, 1), {"mask": small}),
        ("ConvLSTM2D", [1, [3, 2]], {"padding": "same", "strides": [1, 2], "return_state": True, "go_backwards": True}, (2, 3, 3, 4, 2), {}),
        ("ConvLSTM2D", [1, 2], {"dilation_rate": 2, "use_bias": False, "recurrent_activation": "hard_sigmoid"}, (2, 2, 4, 4, 1), {}),
        ("ConvLSTM2D", [1, 2], {"padding": "same", "stateful": True, "return_sequences": True}, (2, 2, 3, 3, 1), {"steps": 2}),
        ("ConvLSTM3D", [1, 2], {"return_sequences": True}, (2, 2, 3, 3, 2, 1), {}),
    ]
    return [
        case(f"{name} {args} {' '.join(options)}", (name, args, options), shape, seed=400 + 7 * i, **given)
        for i, (name, args, options, shape, given) in enumerate(rows)
    ]


def write(name, cases):
    text = "[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n"
    (TARGET / f"{name}.json").write_text(text)
    print(name, len(cases), len(text) // 1024, "KiB")


simple = family("SimpleRNN", 3, 1, [])
lstm = family("LSTM", 3, 2, [("hard gates", {"recurrent_activation": "hard_sigmoid"}, {})])
gru = family(
    "GRU",
    3,
    1,
    [
        ("reset before", {"reset_after": False, "return_sequences": True}, {"mask": MASK}),
        ("reset before, without bias", {"reset_after": False, "use_bias": False}, {}),
        ("hard gates", {"recurrent_activation": "hard_sigmoid"}, {}),
    ],
)
for kind, units, results in (("LSTM", 5, lstm), ("GRU", 5, gru)):
    state = [(2, units)] * (2 if kind == "LSTM" else 1)
    given = case("", (kind, [units], {"return_sequences": True, "return_state": True}), (2, 3, 3), states=state, seed=500)
    results.append(torch_agrees(kind, f"{kind}: states given", given, units))
write("recurrent-simple", simple)
write("recurrent-lstm", lstm)
write("recurrent-gru", gru)
write("recurrent-cells", cells() + distributed())
write("recurrent-bidirectional", both_ways())
write("recurrent-convolutional", convolutional())
