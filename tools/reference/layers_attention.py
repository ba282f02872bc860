"""Layers of attention of Keras in float64, and the embedding that goes both ways; see layer_cases.py. Arguments of the call are options of our layers, the mask of
pairs is the last input.
"""

import numpy as np
import tensorflow as tf
from layer_cases import case, numbers, write

from keras import layers as k
from keras.src import backend

random = np.random.default_rng(17)
x = lambda *shape: numbers(random, shape, 0.7)


def mask(*shape):
    """True here and there, and first: every query sees something."""
    found = random.random(size=shape) > 0.4
    found[:, 0] = True
    return found


pairs = lambda *shape: (random.random(size=shape) > 0.4).astype(np.int32)


class Called(k.Layer):
    """A layer of attention that is given all at once: inputs as a list, masks, arguments of the call."""

    def __init__(self, layer, listed, attention_mask=False, **call):
        super().__init__()
        self.layer, self.listed, self.attention_mask, self.arguments = layer, listed, attention_mask, call

    def call(self, inputs, mask=None, training=False):
        inputs = [tf.identity(one) for one in inputs]
        if self.listed:
            return self.layer(inputs, mask=mask, training=training, **self.arguments)
        more = {"attention_mask": inputs.pop()} if self.attention_mask else {}
        for one, own in zip(inputs, mask or []):
            if own is not None:
                backend.set_keras_mask(one, own)
        query, value, *key = inputs
        return self.layer(query, value, key[0] if key else None, training=training, **more, **self.arguments)

    def compute_mask(self, inputs, mask=None):
        scores = self.arguments.get("return_attention_scores", False)
        return [mask[0], None] if scores else mask[0]


def name_of(variable):
    """`query/kernel` for weights of projections."""
    *_, layer, own = variable.path.split("/")
    return f"{layer}/{own}" if own in ("kernel", "bias") else own


CAUSAL = ({"useCausalMask": True}, {"use_causal_mask": True})
SCORES = ({"returnAttentionScores": True}, {"return_attention_scores": True})
BOTH = ({**CAUSAL[0], **SCORES[0]}, {**CAUSAL[1], **SCORES[1]})
PLAIN = ({}, {})


def scored():
    cases = []

    def add(kind, options, layer, inputs, call=PLAIN, masks=None):
        cases.append(case(kind, {**options, **call[0]}, Called(layer, True, **call[1]), inputs, masks=masks, weight_name=name_of))

    two = lambda: [x(2, 3, 4), x(2, 5, 4)]
    three = lambda: [x(2, 3, 4), x(2, 5, 2), x(2, 5, 4)]
    for kind, own in (("Attention", {}), ("Attention", {"useScale": True}), ("Attention", {"scoreMode": "concat"}), ("Attention", {"scoreMode": "concat", "useScale": True}), ("AdditiveAttention", {}), ("AdditiveAttention", {"useScale": False})):
        given = {{"useScale": "use_scale", "scoreMode": "score_mode"}[name]: value for name, value in own.items()}
        new = lambda: getattr(k, kind)(**given)
        add(kind, own, new(), two())
        add(kind, own, new(), three())
        add(kind, own, new(), two(), CAUSAL)
        add(kind, own, new(), three(), SCORES, [mask(2, 3), mask(2, 5), None])
        add(kind, own, new(), two(), BOTH, [None, mask(2, 5)])
    new = lambda: k.Attention(use_scale=True)
    add("Attention", {"useScale": True}, new(), two(), PLAIN, [mask(2, 3), mask(2, 5)])
    add("Attention", {"useScale": True}, new(), two(), PLAIN, [mask(2, 3), None])
    add("Attention", {"useScale": True}, new(), [x(2, 4, 3), x(2, 4, 3)], CAUSAL, [mask(2, 4), mask(2, 4)])
    add("Attention", {"dropout": 0.4, "seed": 3}, k.Attention(dropout=0.4, seed=3), two())
    write("attention", cases)


def headed():
    heads, masked, wide_heads, groups = [], [], [], []

    def add(cases, kind, options, layer, inputs, call=PLAIN, masks=None, pair_mask=None):
        own = {**options, **call[0], **({} if pair_mask is None else {"attentionMask": True})}
        more = [] if pair_mask is None else [pair_mask]
        given = masks if masks is None else [*masks, *([None] * len(more))]
        called = Called(layer, False, pair_mask is not None, **call[1])
        cases.append(case(kind, own, called, [*inputs, *more], masks=given, weight_name=name_of))

    current = heads
    multi = lambda options=None, *arguments, **given: (current, "MultiHeadAttention", {"numHeads": 2, "keyDim": 3, **(options or {})}, k.MultiHeadAttention(2, 3, *arguments, **given))
    two = lambda: [x(2, 3, 4), x(2, 4, 3)]
    three = lambda: [x(2, 3, 4), x(2, 4, 3), x(2, 4, 2)]
    add(*multi(), two())
    add(*multi(), three())
    add(*multi(), two(), SCORES)
    add(*multi(), two(), CAUSAL)
    add(*multi(), two(), BOTH)
    add(*multi({"valueDim": 2, "useBias": False}, 2, use_bias=False), two())
    add(*multi({"outputShape": 5}, output_shape=5), two())
    add(*multi({"outputShape": [2, 2]}, output_shape=(2, 2)), two())
    add(*multi({"useGate": True}, use_gate=True), two())
    add(*multi({"useGate": True, "valueDim": 2, "useBias": False}, 2, use_gate=True, use_bias=False), three(), SCORES)
    add(*multi({"slidingWindow": 2}, sliding_window=2), two())
    add(*multi({"slidingWindow": 2}, sliding_window=2), [x(2, 4, 3), x(2, 4, 3)], CAUSAL)
    add(*multi({"slidingWindow": 1}, sliding_window=1), [x(2, 5, 3), x(2, 3, 3)])
    add(*multi({"slidingWindow": 1}, sliding_window=1), [x(2, 5, 3), x(2, 3, 3)], SCORES)
    add(*multi({"dropout": 0.3, "seed": 2}, dropout=0.3, seed=2), two(), PLAIN, [mask(2, 3), mask(2, 4)])
    current = masked
    # Queries that their mask leaves out see nothing: they get the mean of all values, or zeros where the weights are given out.
    add(*multi(), two(), PLAIN, [mask(2, 3), mask(2, 4)])
    add(*multi(), two(), SCORES, [mask(2, 3), mask(2, 4)])
    add(*multi(), three(), PLAIN, [None, mask(2, 4), mask(2, 4)])
    add(*multi(), three(), CAUSAL, [None, None, mask(2, 4)])
    add(*multi(), two(), PLAIN, [None, mask(2, 4)])
    add(*multi(), two(), PLAIN, None, pairs(2, 3, 4))
    add(*multi(), two(), PLAIN, None, pairs(2, 2, 3, 4))
    add(*multi(), two(), CAUSAL, None, pairs(1, 3, 4))
    add(*multi(), three(), SCORES, [mask(2, 3), None, None], pairs(2, 1, 4))
    add(*multi(), two(), PLAIN, [mask(2, 3), mask(2, 4)], pairs(2, 3, 1))
    current = wide_heads
    # Several dimensions: steps along all, or along one.
    wide = lambda: [x(2, 2, 3, 3), x(2, 2, 3, 3)]
    add(*multi(), wide())
    add(*multi(), wide(), SCORES)
    add(*multi(), wide(), PLAIN, None, pairs(2, 2, 3, 2, 3))
    add(*multi({"attentionAxes": 2}, attention_axes=2), [x(2, 2, 3, 3), x(2, 2, 4, 3)])
    add(*multi({"attentionAxes": 2}, attention_axes=2), [x(2, 2, 3, 3), x(2, 2, 4, 3)], SCORES, [None, random.random(size=(2, 2, 4)) > 0.3])
    add(*multi({"attentionAxes": [1]}, attention_axes=(1,)), [x(2, 3, 2, 3), x(2, 3, 2, 3)], CAUSAL)
    add(*multi({"attentionAxes": -2, "useGate": True, "outputShape": [2, 3]}, attention_axes=-2, use_gate=True, output_shape=(2, 3)), [x(2, 2, 3, 3), x(2, 2, 2, 3)], SCORES)
    add(*multi({"attentionAxes": [2, 1], "valueDim": 2}, 2, attention_axes=(2, 1)), wide(), SCORES)
    add(*multi({"attentionAxes": 2}, attention_axes=2), [x(2, 2, 3, 3), x(2, 2, 4, 3)], PLAIN, None, pairs(2, 3, 4))
    write("multi-head-attention", heads)
    write("multi-head-attention-masks", masked)
    write("multi-head-attention-axes", wide_heads)

    def grouped(sizes, options=None, **given):
        names = dict(zip(("headDim", "numQueryHeads", "numKeyValueHeads"), sizes))
        return groups, "GroupQueryAttention", {**names, **(options or {})}, k.GroupQueryAttention(*sizes, **given)

    two = lambda: [x(2, 3, 4), x(2, 5, 4)]
    three = lambda: [x(2, 3, 4), x(2, 5, 4), x(2, 5, 2)]
    for sizes in ((3, 4, 2), (2, 2, 1), (2, 2, 2)):
        add(*grouped(sizes), two())
        add(*grouped(sizes), three(), BOTH)
        add(*grouped(sizes), two(), CAUSAL, [mask(2, 3), mask(2, 5)])
    sizes = (2, 4, 2)
    add(*grouped(sizes, {"useGate": True, "useBias": False}, use_gate=True, use_bias=False), two())
    add(*grouped(sizes, {"slidingWindow": 2}, sliding_window=2), two(), CAUSAL)
    add(*grouped(sizes, {"dropout": 0.3}, dropout=0.3), two(), PLAIN, [mask(2, 3), mask(2, 5)])
    add(*grouped(sizes), two(), PLAIN, None, pairs(2, 3, 5))
    add(*grouped(sizes), two(), SCORES, None, pairs(2, 4, 3, 5))
    add(*grouped(sizes), two(), PLAIN, None, pairs(2, 4, 1, 5))
    add(*grouped(sizes), three(), PLAIN, [None, mask(2, 5), mask(2, 5)], pairs(1, 3, 5))
    write("grouped-query-attention", groups)


class Back(k.Layer):
    """An embedding that goes back where it is given fractions."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, inputs):
        return self.layer(inputs, reverse=inputs.dtype.is_floating)

    def compute_mask(self, inputs, mask=None):
        return k.Embedding.compute_mask(self.layer, inputs) if inputs.dtype.is_integer else None


def embedding():
    cases = []
    for options, given in (
        ({}, {}),
        ({"tieWeights": False, "maskZero": True}, {"tie_weights": False, "mask_zero": True}),
        ({"logitSoftCap": 0.5}, {"logit_soft_cap": 0.5}),
        ({"logitSoftCap": 2, "tieWeights": False}, {"logit_soft_cap": 2.0, "tie_weights": False}),
    ):
        own = {"inputDim": 5, "outputDim": 3, **options}
        new = lambda: Back(k.ReversibleEmbedding(5, 3, **given))
        numbers_in = random.integers(0, 5, size=(2, 4)).astype(np.int32)
        cases.append(case("ReversibleEmbedding", own, new(), [numbers_in], masks=[None] if "maskZero" in options else None))
        cases.append(case("ReversibleEmbedding", own, new(), [x(2, 4, 3)]))
        cases.append(case("ReversibleEmbedding", own, new(), [x(3, 3)]))
    write("reversible-embedding", cases)


if __name__ == "__main__":
    scored()
    headed()
    embedding()
