"""Whole trainings by Keras with callbacks that change them: losses, validations, learning rates and final weights.

Writes test/fixtures/callback-trainings.json. The network and the data are those of training.py.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

keras.backend.set_floatx("float64")
OUT = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "callback-trainings.json"
EPOCHS, BATCH, ROWS, WIDTH, CLASSES = 8, 5, 12, 6, 3
C = keras.callbacks


def numbers(shape, seed, scale=1.0):
    """Numbers in [-scale, scale] that any language can make again, rounded to float32."""
    values = [scale * np.sin(1.7 * (index + 1) + 0.9 * seed) for index in range(int(np.prod(shape)))]
    return np.float32(values).astype("float64").reshape(shape)


x = numbers((ROWS, WIDTH), 11)
labels = np.array([0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 2])

cases = [
    dict(name="plateau", callbacks=lambda: [C.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=0.06, min_lr=0.25, cooldown=1)], sgd=dict(learning_rate=0.8)),
    dict(name="schedule", callbacks=lambda: [C.LearningRateScheduler(lambda epoch, rate: rate * 0.7 if epoch % 3 else 0.4 / (epoch + 1))], sgd=dict(learning_rate=0.1)),
    dict(name="best of all", callbacks=lambda: [C.EarlyStopping(patience=2, restore_best_weights=True)], sgd=dict(learning_rate=5.0)),
    dict(name="means in validation", callbacks=lambda: [C.SwapEMAWeights()], sgd=dict(learning_rate=0.5, momentum=0.5, use_ema=True, ema_momentum=0.8)),
    dict(name="means between epochs", callbacks=lambda: [C.SwapEMAWeights(swap_on_epoch=True)], sgd=dict(learning_rate=0.5, use_ema=True, ema_momentum=0.6)),
]

results = []
for case in cases:
    layers = keras.layers
    model = keras.Sequential([keras.Input((WIDTH,)), layers.Dense(5, activation="tanh"), layers.Dense(CLASSES)])
    for index, weight in enumerate(model.weights):
        weight.assign(numbers(weight.shape, index, 0.7))
    initial = [weight.numpy().ravel().tolist() for weight in model.weights]
    model.compile(optimizer=keras.optimizers.SGD(**case["sgd"]), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rates = []

    class Watch(C.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rates.append(float(self.model.optimizer.learning_rate))

    fitted = model.fit(x, labels, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[*case["callbacks"](), Watch()], validation_data=(x[:7], labels[:7]), validation_batch_size=3)
    history = {name: values for name, values in fitted.history.items() if name != "learning_rate"}
    results.append(dict(name=case["name"], initial=initial, rates=rates, history=history, final=[weight.numpy().ravel().tolist() for weight in model.weights]))

OUT.write_text(json.dumps(dict(keras=keras.__version__, epochs=EPOCHS, batch=BATCH, x=x.ravel().tolist(), y=labels.tolist(), cases=results)) + "\n")
