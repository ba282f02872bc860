"""Whole trainings by Keras: losses of each step, metrics, evaluation, predictions and final weights.

Writes test/fixtures/training.json. Weights start from numbers in the file, so that nothing depends on a random generator.
Networks end in a linear layer with the loss on logits, or in an explicit softmax with a clipped loss: the TensorFlow backend would otherwise
replace a softmax's probabilities by its logits, which changes the numbers in the last digits.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

keras.backend.set_floatx("float64")
OUT = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "training.json"
EPOCHS, BATCH, ROWS, WIDTH, CLASSES = 3, 5, 12, 6, 3


def numbers(shape, seed, scale=1.0):
    """Numbers in [-scale, scale] that any language can make again, rounded to float32."""
    values = [scale * np.sin(1.7 * (index + 1) + 0.9 * seed) for index in range(int(np.prod(shape)))]
    return np.float32(values).astype("float64").reshape(shape)


def network(case):
    layers = keras.layers
    model = keras.Sequential([keras.Input((WIDTH,)), layers.Dense(5, activation="tanh", **case.get("hidden", {})), layers.Dense(case.get("units", CLASSES))])
    for index, weight in enumerate(model.weights):
        weight.assign(numbers(weight.shape, index, 0.7))
    return model


x = numbers((ROWS, WIDTH), 11)
labels = np.array([0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 2])
one_hot = np.eye(CLASSES)[labels]
line = numbers((ROWS, 1), 4)
R, C, O, L, M = keras.regularizers, keras.constraints, keras.optimizers, keras.losses, keras.metrics

# As numpy numbers: TensorFlow would round a Python number to float32 first, and 1 - 0.999 then differs in the fifth digit.
ADAM = dict(beta_1=np.float64(0.9), beta_2=np.float64(0.999), epsilon=np.float64(1e-7))

cases = [
    dict(name="adam", optimizer=lambda: O.Adam(0.05, **ADAM), loss=lambda: L.SparseCategoricalCrossentropy(from_logits=True), y=labels, metrics=["accuracy"]),
    dict(name="sgd with momentum", optimizer=lambda: O.SGD(0.1, momentum=0.9), loss=lambda: L.CategoricalCrossentropy(from_logits=True), y=one_hot, metrics=["accuracy"]),
    dict(name="sgd with nesterov and l2", optimizer=lambda: O.SGD(0.1, momentum=0.8, nesterov=True), loss=lambda: L.SparseCategoricalCrossentropy(from_logits=True), y=labels, metrics=["accuracy"], hidden=dict(kernel_regularizer=R.L2(0.02), bias_regularizer=R.L1(0.01))),
    dict(name="rmsprop with max norm", optimizer=lambda: O.RMSprop(0.05), loss=lambda: L.MeanSquaredError(), y=line, units=1, metrics=["mse", "mae"], hidden=dict(kernel_constraint=C.MaxNorm(0.8))),
    dict(name="adamW with clipping", optimizer=lambda: O.AdamW(0.05, **ADAM, weight_decay=0.1, global_clipnorm=0.05), loss=lambda: L.MeanAbsoluteError(), y=line, units=1, metrics=["mae"]),
    dict(name="binary", optimizer=lambda: O.Adam(O.schedules.ExponentialDecay(0.1, 4, 0.5), **ADAM), loss=lambda: L.BinaryCrossentropy(from_logits=True), y=(line > 0).astype("float64"), units=1, metrics=[]),
]

results = []
for case in cases:
    model = network(case)
    initial = [weight.numpy().ravel().tolist() for weight in model.weights]
    model.compile(optimizer=case["optimizer"](), loss=case["loss"](), metrics=case["metrics"])
    steps = []

    class Steps(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(float(logs["loss"]))

    history = model.fit(x, case["y"], batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[Steps()], validation_data=(x[:7], case["y"][:7]), validation_batch_size=3)
    results.append(
        dict(
            name=case["name"],
            units=case.get("units", CLASSES),
            y=np.asarray(case["y"]).ravel().tolist(),
            yShape=list(np.asarray(case["y"]).shape),
            initial=initial,
            steps=steps,
            history=history.history,
            evaluation=model.evaluate(x, case["y"], batch_size=BATCH, verbose=0, return_dict=True),
            prediction=model.predict(x, verbose=0).ravel().tolist(),
            final=[weight.numpy().ravel().tolist() for weight in model.weights],
        )
    )

OUT.parent.mkdir(exist_ok=True)
rounded = json.loads(json.dumps(dict(keras=keras.__version__, batch=BATCH, epochs=EPOCHS, x=x.ravel().tolist(), cases=results)), parse_float=lambda text: float(f"{float(text):.9g}"))
OUT.write_text(json.dumps(rounded) + "\n")
print(OUT, OUT.stat().st_size, "bytes")
