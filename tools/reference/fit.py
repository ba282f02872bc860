"""What Keras' fit, evaluate and train_on_batch do with weights, splits, short batches, several outputs and gradient accumulation.

Writes packages/trainer/fixtures/fit.json. Weights of the networks start from numbers in the file; rows are never shuffled. Networks end in a linear layer with
the loss on logits: the TensorFlow backend would otherwise replace a softmax's probabilities by its logits. Steps run eagerly: in a graph Keras does not know the
size of a batch, and a short last batch counts as much as the others in the losses of single outputs.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

keras.backend.set_floatx("float64")
OUT = Path(__file__).resolve().parents[2] / "packages" / "trainer" / "fixtures" / "fit.json"
L, M, O, R = keras.losses, keras.metrics, keras.optimizers, keras.regularizers
ROWS, BATCH = 11, 4


def numbers(shape, seed, scale=1.0):
    """Numbers in [-scale, scale] that any language can make again, rounded to float32."""
    values = [scale * np.sin(1.7 * (index + 1) + 0.9 * seed) for index in range(int(np.prod(shape)))]
    return np.float32(values).astype("float64").reshape(shape)


def filled(model):
    for index, weight in enumerate(model.weights):
        weight.assign(numbers(weight.shape, index, 0.7))
    return model


def classifier(regularizer=None):
    layers = keras.layers
    return filled(keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="tanh", kernel_regularizer=regularizer), layers.Dense(3)]))


def sequence():
    return filled(keras.Sequential([keras.Input((2, 3)), keras.layers.Dense(2)]))


def two_outputs():
    layers = keras.layers
    x = keras.Input((3,), name="x")
    hidden = layers.Dense(4, activation="tanh", name="hidden")(x)
    price = layers.Dense(1, name="price", kernel_regularizer=R.L2(0.02))(hidden)
    kind = layers.Dense(3, name="kind")(hidden)
    return filled(keras.Model(x, {"price": price, "kind": kind}))


x, labels = numbers((ROWS, 3), 11), np.array([0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0])
one_hot = np.eye(3)[labels]
line = numbers((ROWS, 1), 4)
weights = np.abs(numbers((ROWS,), 2, 2.0))
weights[3] = 0.0
others = np.abs(numbers((ROWS,), 5, 1.5))
steps = numbers((ROWS, 2, 3), 7)
targets = numbers((ROWS, 2, 2), 9)
step_weights = np.abs(numbers((ROWS, 2), 3, 2.0))
SPARSE = lambda: L.SparseCategoricalCrossentropy(from_logits=True)
SGD = lambda **options: O.SGD(0.1, momentum=0.9, **options)
both = {"price": line, "kind": labels}
BOTH = dict(loss={"price": "mse", "kind": SPARSE()}, loss_weights={"price": 0.3, "kind": 2.0}, metrics={"price": ["mae"], "kind": ["accuracy"]}, weighted_metrics={"price": ["mae", "mse"], "kind": ["accuracy"]})

cases = [
    dict(name="sample weights", model=lambda: classifier(R.L2(0.05)), compile=dict(loss=SPARSE(), metrics=["accuracy"], weighted_metrics=["accuracy"]), x=x, y=labels, fit=dict(sample_weight=weights, validation_data=(x[:5], labels[:5], weights[:5]), validation_batch_size=3), evaluate=dict(sample_weight=weights)),
    dict(name="class weights of indices", model=classifier, compile=dict(loss=SPARSE(), weighted_metrics=["accuracy"]), x=x, y=labels, fit=dict(class_weight={0: 0.5, 2: 3.0}, validation_data=(x[:5], labels[:5]))),
    dict(name="class weights of one-hot rows", model=classifier, compile=dict(loss=L.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"], weighted_metrics=["accuracy"]), x=x, y=one_hot, fit=dict(class_weight={0: 0.5, 2: 3.0})),
    dict(name="weights of steps", model=sequence, compile=dict(loss="mse", metrics=["mae"], weighted_metrics=["mae"]), x=steps, y=targets, fit=dict(sample_weight=step_weights), evaluate=dict(sample_weight=step_weights)),
    dict(name="the mean of weights", model=classifier, compile=dict(loss=L.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")), x=x, y=labels, fit=dict(sample_weight=weights)),
    dict(name="validation split", model=classifier, compile=dict(loss=SPARSE(), metrics=["accuracy"], weighted_metrics=["accuracy"]), x=x, y=labels, fit=dict(sample_weight=weights, validation_split=0.3)),
    dict(name="validation in some epochs", model=classifier, compile=dict(loss=SPARSE()), x=x, y=labels, fit=dict(validation_data=(x[:5], labels[:5]), validation_freq=[2, 3], validation_steps=1, validation_batch_size=2, initial_epoch=1), epochs=4),
    dict(name="two outputs", model=two_outputs, compile=BOTH, x=x, y=both, fit=dict(validation_data=(x[:6], {"price": line[:6], "kind": labels[:6]}))),
    dict(name="two outputs with weights for all", model=two_outputs, compile=BOTH, x=x, y=both, fit=dict(sample_weight=weights), evaluate=dict(sample_weight=weights)),
    dict(name="two outputs with weights for each", model=two_outputs, compile=BOTH, x=x, y=both, fit=dict(sample_weight={"price": weights, "kind": others}), evaluate=dict(sample_weight={"price": weights, "kind": others})),
    dict(name="gradient accumulation", model=lambda: classifier(R.L2(0.05)), compile=dict(loss=SPARSE()), x=x, y=labels, optimizer=dict(gradient_accumulation_steps=2), fit=dict()),
]


def plain(value):
    """Arrays as nested lists, whatever they stand in."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


results = []
for case in cases:
    model = case["model"]()
    initial = {weight.path.split("/", 1)[-1] if "sequential" in weight.path else weight.path: weight.numpy().ravel().tolist() for weight in model.weights}
    model.compile(optimizer=SGD(**case.get("optimizer", {})), run_eagerly=True, **case["compile"])
    seen = []

    class Steps(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(float(logs["loss"]))

    history = model.fit(case["x"], case["y"], batch_size=BATCH, epochs=case.get("epochs", 3), shuffle=False, verbose=0, callbacks=[Steps()], **case["fit"])
    evaluation = model.evaluate(case["x"], case["y"], batch_size=BATCH, verbose=0, return_dict=True, **case.get("evaluate", {}))
    part = lambda value, rows: {key: one[:rows] for key, one in value.items()} if isinstance(value, dict) else value[:rows]
    weight = case.get("evaluate", {}).get("sample_weight")
    one = dict(sample_weight=None if weight is None else part(weight, 5))
    model.reset_metrics()
    tested = model.test_on_batch(part(case["x"], 5), part(case["y"], 5), return_dict=True, **one)
    final = [weight.numpy().ravel().tolist() for weight in model.weights]
    model.reset_metrics()
    trained = model.train_on_batch(part(case["x"], 5), part(case["y"], 5), return_dict=True, **one)
    results.append(dict(name=case["name"], initial=list(initial.values()), steps=seen, history=history.history, epoch=history.epoch, evaluation=evaluation, tested=tested, final=final, trained=trained))

data = dict(x=x, labels=labels, oneHot=one_hot, line=line, weights=weights, others=others, steps=steps, targets=targets, stepWeights=step_weights)
everything = dict(keras=keras.__version__, batch=BATCH, data=plain(data), cases=plain(results))
text = json.dumps(json.loads(json.dumps(everything, default=float), parse_float=lambda number: float(f"{float(number):.9g}")))
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(text + "\n")
print(OUT, OUT.stat().st_size, "bytes")
