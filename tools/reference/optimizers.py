"""Numbers of Keras' optimizers: updates of five steps with given gradients, and schedules.

Keras runs in float64 on the TensorFlow backend, so that its numbers can stand for the rule itself.
Run: python tools/reference/optimizers.py   (writes packages/optimizers/fixtures/optimizers.json)
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

TARGET = Path(__file__).parents[2] / "packages/optimizers/fixtures/optimizers.json"
STEPS = 5
SHAPES = {"dense/kernel": [3, 2], "dense/bias": [2], "scale": []}

random = np.random.default_rng(20240817)


def rounded(array, digits=4):
    """Numbers that float32 and float64 hold nearly alike, and that are short in JSON."""
    return np.round(array, digits)


def make_gradients():
    """Of very different sizes, one element always zero, one step nearly zero."""
    steps = []
    for step in range(STEPS):
        gradients = {path: rounded(random.normal(size=shape)) for path, shape in SHAPES.items()}
        gradients["dense/kernel"][0, 0] *= 30
        gradients["dense/kernel"][2, 1] = 0.0
        gradients["dense/bias"] = rounded(gradients["dense/bias"] * (1e-3 if step == 3 else 1.0), 7)
        steps.append(gradients)
    return steps


PARAMS = {path: rounded(random.normal(size=shape)) for path, shape in SHAPES.items()}
GRADIENTS = make_gradients()

SCHEDULE = {"initialLearningRate": 0.1, "decaySteps": 2, "decayRate": 0.8, "staircase": False}


def keras_schedule(options):
    return keras.optimizers.schedules.ExponentialDecay(
        options["initialLearningRate"], options["decaySteps"], options["decayRate"], options["staircase"]
    )


# Our option name -> Keras' own.
NAMES = {
    "learningRate": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "clipNorm": "clipnorm",
    "clipValue": "clipvalue",
    "globalClipNorm": "global_clipnorm",
    "weightDecay": "weight_decay",
}
CLASSES = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamW": keras.optimizers.AdamW,
}
# Keras' defaults, to be passed on in full precision.
DEFAULTS = {
    "rmsprop": {"rho": 0.9, "epsilon": 1e-7},
    "adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "adamW": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004},
}
for recipe, arguments in DEFAULTS.items():
    config = CLASSES[recipe]().get_config()
    assert all(config[name] == value for name, value in arguments.items()), (recipe, config)


def run(recipe, options, schedule=None, exclude=None):
    # As numpy floats: TensorFlow rounds a Python float to float32 on its way to float64, which costs Adam 6e-6 in its first steps.
    arguments = {**DEFAULTS.get(recipe, {}), **{NAMES.get(name, name): value for name, value in options.items()}}
    arguments = {name: np.float64(value) if isinstance(value, float) else value for name, value in arguments.items()}
    if schedule is not None:
        arguments["learning_rate"] = keras_schedule(schedule)
    optimizer = CLASSES[recipe](**arguments)
    variables = [keras.Variable(value, dtype="float64", name=path.replace("/", "_")) for path, value in PARAMS.items()]
    if exclude is not None:
        optimizer.exclude_from_weight_decay(var_names=[exclude])
    optimizer.build(variables)
    updates = []
    for gradients in GRADIENTS:
        before = [variable.numpy().copy() for variable in variables]
        optimizer.apply([keras.ops.convert_to_tensor(g, dtype="float64") for g in gradients.values()], variables)
        updates.append({path: np.ravel(v.numpy() - b).tolist() for path, v, b in zip(PARAMS, variables, before)})
    assert all(v.dtype == "float64" for v in variables)
    case = {"recipe": recipe, "options": options, "updates": updates}
    case["weights"] = {path: np.ravel(v.numpy()).tolist() for path, v in zip(PARAMS, variables)}
    if schedule is not None:
        case["schedule"] = schedule
    if exclude is not None:
        case["exclude"] = exclude
    return case


def cases():
    yield run("sgd", {})
    yield run("sgd", {"learningRate": 0.05, "momentum": 0.9})
    yield run("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True})
    yield run("sgd", {"learningRate": 0.05, "momentum": 0.8, "weightDecay": 0.02})
    yield run("sgd", {"learningRate": 0.05, "clipNorm": 0.7})
    yield run("sgd", {"learningRate": 0.05, "clipValue": 0.3})
    yield run("sgd", {"learningRate": 0.05, "globalClipNorm": 1.5})
    yield run("sgd", {"momentum": 0.9}, schedule=SCHEDULE)
    yield run("rmsprop", {})
    yield run("rmsprop", {"learningRate": 0.03, "rho": 0.8, "epsilon": 1e-3})
    yield run("rmsprop", {"learningRate": 0.03, "centered": True})
    yield run("rmsprop", {"learningRate": 0.03, "momentum": 0.7})
    yield run("rmsprop", {"learningRate": 0.03, "momentum": 0.7, "centered": True, "weightDecay": 0.05, "clipNorm": 1.0})
    yield run("rmsprop", {"globalClipNorm": 0.5}, schedule={**SCHEDULE, "staircase": True})
    yield run("adam", {})
    yield run("adam", {"learningRate": 0.02, "beta1": 0.7, "beta2": 0.95, "epsilon": 1e-2})
    yield run("adam", {"learningRate": 0.02, "beta1": 0.0, "beta2": 0.5})
    yield run("adam", {"learningRate": 0.02, "beta2": 0.8, "amsgrad": True})
    yield run("adam", {"learningRate": 0.02, "weightDecay": 0.1})
    yield run("adam", {"learningRate": 0.02, "clipNorm": 0.7})
    yield run("adam", {"learningRate": 0.02, "clipValue": 0.3})
    yield run("adam", {"learningRate": 0.02, "globalClipNorm": 1.5})
    yield run("adam", {}, schedule=SCHEDULE)
    yield run("adamW", {})
    yield run("adamW", {"learningRate": 0.02, "weightDecay": 0.3, "amsgrad": True, "globalClipNorm": 2.0})
    yield run("adamW", {"weightDecay": 0.3}, schedule=SCHEDULE)
    yield run("adamW", {"learningRate": 0.02, "weightDecay": 0.3}, exclude="bias")


def schedules():
    for options in (
        SCHEDULE,
        {**SCHEDULE, "staircase": True},
        {"initialLearningRate": 0.01, "decaySteps": 1000, "decayRate": 0.96, "staircase": False},
        {"initialLearningRate": 0.01, "decaySteps": 1000, "decayRate": 0.96, "staircase": True},
        {"initialLearningRate": 0.001, "decaySteps": 250, "decayRate": 1.05, "staircase": False},
    ):
        schedule = keras_schedule(options)
        steps = [0, 1, 2, 3, 7, 250, 999, 1000, 1001, 2500, 20000]
        steps = [s for s in steps if s <= 20 * options["decaySteps"]]
        yield {"options": options, "steps": steps, "rates": [float(schedule(s)) for s in steps]}


result = {
    "keras": keras.__version__,
    "shapes": SHAPES,
    "params": {path: np.ravel(value).tolist() for path, value in PARAMS.items()},
    "gradients": [{path: np.ravel(g).tolist() for path, g in step.items()} for step in GRADIENTS],
    "cases": list(cases()),
    "schedules": list(schedules()),
}
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(result, indent=1) + "\n")
print(f"{TARGET}: {len(result['cases'])} cases, {TARGET.stat().st_size} bytes")
