"""Numbers of Keras' optimizers: updates of eight steps with given gradients, for every rule, every option of the base class, and the wrappers.

Keras runs in float64 on the TensorFlow backend, so that its numbers can stand for the rule itself. Lookahead, which Keras lacks, is its formula in NumPy.
Run: python tools/reference/optimizers_rules.py   (writes packages/optimizers/fixtures/{adaptive,layerwise,base-options,wrappers}.json)
And: KERAS_BACKEND=jax JAX_ENABLE_X64=1 python tools/reference/optimizers_rules.py   (writes schedule-free.json; needs jax)

ScheduleFreeAdamW runs on JAX: on TensorFlow, Keras 3.15 keeps no copy of the old point, so that its rule takes the new one in its place.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

keras.config.set_floatx("float64")

FOLDER = Path(__file__).parents[2] / "packages/optimizers/fixtures"
STEPS = 8
SHAPES = {
    "dense/kernel": [3, 2],
    "dense/bias": [2],
    "conv/kernel": [2, 2, 3],
    "embedding/embeddings": [3, 2],
    "attention/query": [2, 4],
}
random = np.random.default_rng(20240817)


def make_gradients():
    """Of very different sizes, one element always zero, one step nearly zero."""
    steps = []
    for step in range(STEPS):
        gradients = {path: np.round(random.normal(size=shape), 3) for path, shape in SHAPES.items()}
        gradients["dense/kernel"][0, 0] *= 30
        gradients["dense/kernel"][2, 1] = 0.0
        gradients["dense/bias"] = np.round(gradients["dense/bias"] * (1e-3 if step == 3 else 1.0), 6)
        steps.append(gradients)
    return steps


PARAMS = {path: np.round(random.normal(size=shape), 3) for path, shape in SHAPES.items()}
GRADIENTS = make_gradients()

SCHEDULE = {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.8, "staircase": False}


def short(array):
    return [float(f"{value:.9g}") for value in np.ravel(array)]


def exact(value):
    """As a numpy float: TensorFlow rounds a Python float to float32 on its way to float64."""
    return np.float64(value) if isinstance(value, float) else value


def build(name, arguments):
    own = {key: exact(value) for key, value in arguments.items()}
    if arguments.get("learning_rate") == "schedule":
        own["learning_rate"] = keras.optimizers.schedules.ExponentialDecay(**{key: exact(value) for key, value in SCHEDULE.items()})
    cls = getattr(keras.optimizers, name)
    # Defaults, in full precision too.
    for key, value in cls().get_config().items():
        if isinstance(value, float) and key != "learning_rate" and key not in own:
            own[key] = np.float64(value)
    return cls(**own)


def variables_of(params):
    variables = []
    for path, value in params.items():
        scope, name = path.split("/")
        with keras.name_scope(scope):
            variables.append(keras.Variable(value, dtype="float64", name=name))
    assert [variable.path for variable in variables] == list(params)
    return variables


def gradients_of(step, poison):
    gradients = {path: g.copy() for path, g in GRADIENTS[step].items()}
    if step in poison:
        gradients["conv/kernel"].flat[1] = poison[step]
    return [keras.ops.convert_to_tensor(g, dtype="float64") for g in gradients.values()]


def record(optimizer, poison=(), each=None):
    """The updates of all steps, and whatever else is asked for after each."""
    variables = variables_of(PARAMS)
    optimizer.build(variables)
    updates = []
    more = []
    for step in range(STEPS):
        before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
        optimizer.apply(gradients_of(step, poison), variables)
        updates.append({path: short(np.asarray(v) - b) for path, v, b in zip(PARAMS, variables, before)})
        if each is not None:
            more.append(each(optimizer))
    assert all(np.asarray(v).dtype == np.float64 and np.isfinite(np.asarray(v)).all() for v in variables)
    return updates, more


def case(name, arguments=None, exclude=None):
    arguments = arguments or {}
    optimizer = build(name, arguments)
    if exclude is not None:
        optimizer.exclude_from_weight_decay(var_names=exclude)
    updates, _ = record(optimizer)
    result = {"type": name, "arguments": arguments, "updates": updates}
    if exclude is not None:
        result["exclude"] = exclude
    if arguments.get("use_ema"):
        averages = optimizer._model_variables_moving_average
        result["average"] = {path: short(np.asarray(average)) for path, average in zip(PARAMS, averages)}
    return result


def adaptive():
    yield case("Nadam")
    yield case("Nadam", {"learning_rate": 0.02, "beta_1": 0.7, "beta_2": 0.95, "epsilon": 1e-2, "weight_decay": 0.1})
    yield case("Nadam", {"learning_rate": "schedule", "beta_1": 0.5})
    yield case("Adamax")
    yield case("Adamax", {"learning_rate": 0.02, "beta_1": 0.7, "beta_2": 0.5, "epsilon": 1e-2, "weight_decay": 0.1})
    yield case("Adamax", {"learning_rate": "schedule", "global_clipnorm": 1.5})
    yield case("Adagrad")
    yield case("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.0, "epsilon": 1e-3, "weight_decay": 0.1})
    yield case("Adagrad", {"learning_rate": "schedule", "clipnorm": 1.0})
    yield case("Adadelta")
    yield case("Adadelta", {"learning_rate": 1.0, "rho": 0.7, "epsilon": 1e-3, "weight_decay": 0.05})
    yield case("Adadelta", {"learning_rate": "schedule", "clipvalue": 0.3})
    yield case("Lion")
    yield case("Lion", {"learning_rate": 0.02, "beta_1": 0.6, "beta_2": 0.8, "weight_decay": 0.1})
    yield case("Lion", {"learning_rate": "schedule", "clipnorm": 1.0})
    yield case("Ftrl", {"learning_rate": 0.1})
    yield case("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.5, "l2_regularization_strength": 0.1, "beta": 0.2})
    yield case(
        "Ftrl",
        {
            "learning_rate": 0.2,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.5,
            "l2_shrinkage_regularization_strength": 0.05,
            "weight_decay": 0.1,
        },
    )
    yield case("Ftrl", {"learning_rate": "schedule", "learning_rate_power": 0.0, "global_clipnorm": 2.0})


def layerwise():
    yield case("Lamb")
    yield case("Lamb", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.95, "epsilon": 1e-2, "weight_decay": 0.1})
    yield case("Lamb", {"learning_rate": "schedule", "clipnorm": 1.0})
    yield case("Adafactor")
    yield case("Adafactor", {"learning_rate": 0.5, "relative_step": False})
    yield case("Adafactor", {"learning_rate": 0.6, "beta_2_decay": -0.5, "epsilon_1": 1e-4, "epsilon_2": 0.1, "clip_threshold": 0.5, "weight_decay": 0.1})
    yield case("Adafactor", {"learning_rate": "schedule", "global_clipnorm": 2.0})
    yield case("Muon")
    yield case("Muon", {"learning_rate": 0.02, "momentum": 0.8, "nesterov": False, "ns_steps": 3, "rms_rate": None, "exclude_embeddings": False, "weight_decay": 0.1})
    yield case("Muon", {"learning_rate": 0.02, "exclude_layers": ["^att", "foo$"], "adam_lr_ratio": 0.5, "adam_beta_1": 0.8, "adam_beta_2": 0.9, "epsilon": 1e-3, "adam_weight_decay": 0.2, "weight_decay": None})
    yield case("Muon", {"learning_rate": "schedule", "muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.5, "rms_rate": 0.5, "clipnorm": 1.0})


def schedule_free():
    yield case("ScheduleFreeAdamW")
    yield case("ScheduleFreeAdamW", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3, "warmup_steps": 4, "weight_decay": 0.1})
    yield case("ScheduleFreeAdamW", {"learning_rate": "schedule", "clipvalue": 0.5})
    yield case("ScheduleFreeAdamW", {"learning_rate": 0.05, "weight_decay": 0.3, "gradient_accumulation_steps": 2}, exclude=["kernel"])


def base_options():
    yield case("SGD", {"learning_rate": 0.05, "momentum": 0.9, "gradient_accumulation_steps": 3, "clipnorm": 0.7})
    yield case("Adam", {"learning_rate": 0.05, "gradient_accumulation_steps": 2, "weight_decay": 0.1})
    yield case("Adam", {"learning_rate": "schedule", "gradient_accumulation_steps": 3})
    yield case("Lamb", {"learning_rate": "schedule", "gradient_accumulation_steps": 2, "weight_decay": 0.1, "global_clipnorm": 1.0})
    yield case("Nadam", {"learning_rate": 0.05, "gradient_accumulation_steps": 4})
    yield case("SGD", {"learning_rate": 0.05, "loss_scale_factor": 8.0, "clipvalue": 0.05})
    yield case("RMSprop", {"learning_rate": 0.05, "loss_scale_factor": 3.0, "momentum": 0.5, "gradient_accumulation_steps": 2})
    yield case("Adam", {"learning_rate": 0.05, "use_ema": True, "ema_momentum": 0.8})
    yield case("SGD", {"learning_rate": 0.05, "use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 3})
    yield case("SGD", {"learning_rate": 0.05, "use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2, "gradient_accumulation_steps": 2, "weight_decay": 0.1})
    yield case("AdamW", {"learning_rate": 0.05, "use_ema": True, "loss_scale_factor": 4.0, "gradient_accumulation_steps": 2, "global_clipnorm": 0.5})
    yield case("Adagrad", {"learning_rate": 0.05, "weight_decay": 0.3}, exclude=["bias", "query"])
    yield case("Adafactor", {"learning_rate": 0.05, "weight_decay": 0.3, "use_ema": True}, exclude=["kernel"])


def camel(name):
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def loss_scale(inner, arguments, initial_scale, growth, poison):
    optimizer = keras.optimizers.LossScaleOptimizer(build(inner, arguments), initial_scale=initial_scale, dynamic_growth_steps=growth)
    updates, scales = record(optimizer, poison, each=lambda o: float(np.asarray(o.dynamic_scale)))
    return {
        "inner": {"type": inner, "arguments": arguments},
        "initialScale": initial_scale,
        "dynamicGrowthSteps": growth,
        "poison": {str(step): str(value) for step, value in poison.items()},
        "updates": updates,
        "scales": scales,
    }


def groups():
    """Three optimizers by pattern, and the default."""
    arguments = {
        "dense/.*": ["SGD", {"learning_rate": 0.1, "momentum": 0.9}],
        ".*embeddings": ["Adam", {"learning_rate": 0.03, "weight_decay": 0.2}],
        "attention/query": ["Lion", {"learning_rate": 0.01}],
    }
    fallback = ["RMSprop", {"learning_rate": 0.02}]
    mapping = keras.optimizers.OptimizerMap(build(*fallback), {key: build(*value) for key, value in arguments.items()})
    updates, _ = record(keras.optimizers.MultiOptimizer(mapping))
    return {"groups": arguments, "default": fallback, "updates": updates}


def lookahead(learning_rate, momentum, steps, alpha):
    """Zhang et al., 2019, algorithm 1, around gradient descent with momentum."""
    weights = {path: value.copy() for path, value in PARAMS.items()}
    slow = {path: value.copy() for path, value in PARAMS.items()}
    velocity = {path: np.zeros_like(value) for path, value in PARAMS.items()}
    updates = []
    for step in range(STEPS):
        before = {path: value.copy() for path, value in weights.items()}
        for path, gradient in GRADIENTS[step].items():
            velocity[path] = momentum * velocity[path] - learning_rate * gradient
            weights[path] = weights[path] + velocity[path]
            if (step + 1) % steps == 0:
                slow[path] = slow[path] + alpha * (weights[path] - slow[path])
                weights[path] = slow[path].copy()
        updates.append({path: short(weights[path] - before[path]) for path in weights})
    return {"learningRate": learning_rate, "momentum": momentum, "steps": steps, "alpha": alpha, "updates": updates}


def write(name, content):
    """One case a line: small, and still to be read."""
    shared = {
        "keras": keras.__version__,
        "shapes": SHAPES,
        "params": {path: short(value) for path, value in PARAMS.items()},
        "gradients": [{path: short(g) for path, g in step.items()} for step in GRADIENTS],
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in shared.items()]
    for key, value in content.items():
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
        lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
    target = FOLDER / name
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    size = target.stat().st_size
    assert size <= 100 * 1024, (name, size)
    print(f"{target}: {size} bytes")


schedule = {camel(key): value for key, value in SCHEDULE.items()}
if keras.backend.backend() == "jax":
    write("schedule-free.json", {"schedule": [schedule], "cases": list(schedule_free())})
else:
    write("adaptive.json", {"schedule": [schedule], "cases": list(adaptive())})
    write("layerwise.json", {"schedule": [schedule], "cases": list(layerwise())})
    write("base-options.json", {"schedule": [schedule], "cases": list(base_options())})
    write(
        "wrappers.json",
        {
            "lossScale": [
                loss_scale("Adam", {"learning_rate": 0.05}, 4.0, 2, {2: np.inf, 3: np.nan}),
                loss_scale("SGD", {"learning_rate": 0.05, "momentum": 0.9, "clipnorm": 1.0}, 1024.0, 3, {5: -np.inf}),
            ],
            "groups": [groups()],
            "lookahead": [lookahead(0.05, 0.9, 3, 0.5), lookahead(0.05, 0.0, 2, 0.8)],
        },
    )
