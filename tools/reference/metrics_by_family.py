"""Results of every metric of Keras over three batches of different sizes, with and without sample weights, and the list of Keras' metrics.

Keras computes in float64 from inputs that float32 holds exactly, so that what differs is float32 alone; IoU metrics count in Keras' int32, or in
float64 for weights that are no integers. A case holds the config that Keras itself gives, its names in camelCase.
Run: python tools/reference/metrics_by_family.py   (writes packages/objectives/fixtures/metric-*.json)
"""

import inspect
import json
import os
import re
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras.src import metrics as keras_metrics

# The state too: Keras' own float32 sums lose the digits of R2 where targets are far from 0.
keras.config.set_floatx("float64")
M = keras.metrics
TARGET = Path(__file__).parents[2] / "packages/objectives/fixtures"
BATCHES = [5, 3, 6]
MANY = [25, 13, 22]
random = np.random.default_rng(23)


def camel(name):
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def plain(value):
    """A value of a config as JSON has it."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, str) and value.endswith("_average"):
        return camel(value)
    return value.item() if isinstance(value, np.generic) else value


def number(value):
    """A result as JSON has it: 9 digits, and null for NaN."""
    return None if np.isnan(value) else float(f"{value:.9g}")


class Family:
    """The data and cases of one fixture."""

    def __init__(self, name):
        self.name, self.data, self.cases = name, {}, []

    def add(self, name, y, p, batches=None, **weights):
        weights = {key: np.asarray(value) for key, value in weights.items()}
        self.data[name] = {"y": np.asarray(y), "p": np.asarray(p), "batches": batches or BATCHES, "weights": weights}

    def case(self, data, metric, weights=(None,), config=None, results=None, seen_as=None):
        """
        Feeds one batch after another and keeps the result after each. `metric` makes one; `config` adds what Keras' config lacks; `seen_as` is done
        to the predictions before Keras sees them.
        """
        for kind in weights:
            one = metric()
            d = self.data[data]
            # TensorFlow ranks float32 alone; nothing is rounded there.
            precision = "float32" if "TopK" in type(one).__name__ else "float64"
            y, p = np.float32(d["y"]).astype(precision), np.float32(d["p"]).astype(precision)
            p = p if seen_as is None else seen_as(p)
            w = None if kind is None else np.float32(d["weights"][kind]).astype("float64")
            seen, start = [], 0
            for size in d["batches"]:
                part = slice(start, start + size)
                start += size
                wb = w if w is None or w.ndim == 0 else w[part]
                if isinstance(one, (M.Mean, M.Sum)) and type(one) in (M.Mean, M.Sum):
                    one.update_state(p[part], sample_weight=wb)
                else:
                    one.update_state(y[part], p[part], sample_weight=wb)
                result = one.result() if results is None else results(one)
                seen.append([number(value) for value in np.ravel(np.asarray(result, "float64"))])
            given = {camel(key): plain(value) for key, value in one.get_config().items() if key not in ("dtype", "fn")}
            entry = {"type": type(one).__name__, "config": {**given, **(config or {})}, "data": data, "weights": kind}
            self.cases.append({**entry, "results": seen})

    def write(self):
        def array(values):
            return {"shape": list(values.shape), "values": [plain(value) for value in np.ravel(values)]}

        lines = [f'"keras": {json.dumps(keras.__version__)},', '"data": {']
        for index, (name, d) in enumerate(self.data.items()):
            entry = {"batches": d["batches"], "yTrue": array(d["y"]), "yPred": array(d["p"])}
            entry["weights"] = {key: array(value) for key, value in d["weights"].items()}
            lines.append(f"{json.dumps(name)}: {compact(entry)}{',' if index + 1 < len(self.data) else ''}")
        lines += ["},", '"cases": [']
        lines += [compact(case) + ("," if index + 1 < len(self.cases) else "") for index, case in enumerate(self.cases)]
        path = TARGET / f"metric-{self.name}.json"
        path.write_text("{\n" + "\n".join([*lines, "]"]) + "\n}\n")
        print(f"{path}: {len(self.cases)} cases, {path.stat().st_size} bytes")


def compact(value):
    return json.dumps(value, separators=(",", ":"))


N, MANY_N = sum(BATCHES), sum(MANY)


def scores(*shape):
    """From 0 to 1, never a multiple of 0.001: no threshold that a person writes is met."""
    return np.round(np.round(random.uniform(0.001, 0.998, size=shape), 3) + 0.0003, 4)


def normals(*shape, spread=1.5):
    return np.round(random.normal(size=shape) * spread, 3)


def labels(classes, *shape):
    return random.integers(classes, size=shape)


def one_hot(indices, classes):
    return np.eye(classes, dtype=int)[indices]


def weights(*shape):
    """From 0 to 2, every fifth 0."""
    values = np.round(random.uniform(0.1, 2, size=shape), 2)
    values.flat[::5] = 0
    return values


def probabilities(*shape):
    """Rows that float32 sums to 1: multiples of 1 / 64."""
    parts = random.integers(1, 9, size=shape)
    parts[..., -1] = 64 - parts[..., :-1].sum(-1)
    return parts / 64


ALL = (None, "sample", "element")


def accuracy():
    f = Family("accuracy")
    f.add("numbers", labels(3, N, 2), labels(3, N, 2), sample=weights(N), element=weights(N, 2))
    f.add("binary", labels(2, N, 3), scores(N, 3), sample=weights(N), element=weights(N, 3), zero=np.zeros(N), scalar=0.7)
    f.add("column", labels(2, N), scores(N, 1), sample=weights(N), element=weights(N, 1))
    f.add("oneHot", one_hot(labels(6, N), 6), scores(N, 6), sample=weights(N), zero=np.zeros(N))
    f.add("oneHotSeries", one_hot(labels(6, N, 2), 6), scores(N, 2, 6), sample=weights(N), element=weights(N, 2))
    f.add("labels", labels(6, N), scores(N, 6), sample=weights(N))
    f.add("labelColumn", labels(6, N, 1), scores(N, 6), sample=weights(N), element=weights(N, 1))
    f.add("labelSeries", labels(6, N, 2), scores(N, 2, 6), sample=weights(N), element=weights(N, 2))
    f.add("ties", labels(6, N), np.round(scores(N, 6) * 3) / 4, sample=weights(N))
    f.add("sortedIds", labels(6, N), np.argsort(-scores(N, 6), axis=-1), sample=weights(N))
    f.case("numbers", lambda: M.Accuracy(dtype="float64"), ALL)
    for data, kinds in (("binary", (*ALL, "zero", "scalar")), ("column", ALL)):
        for threshold in (0.5, 0.8):
            f.case(data, lambda: M.BinaryAccuracy(dtype="float64", threshold=threshold), kinds)
    f.case("oneHot", lambda: M.CategoricalAccuracy(dtype="float64"), (None, "sample", "zero"))
    f.case("oneHotSeries", lambda: M.CategoricalAccuracy(dtype="float64"), ALL)
    for k in (1, 2, 5):
        f.case("oneHot", lambda: M.TopKCategoricalAccuracy(k, dtype="float64"), (None, "sample"))
        f.case("oneHotSeries", lambda: M.TopKCategoricalAccuracy(k, dtype="float64"), ALL)
        for data in ("labels", "ties"):
            f.case(data, lambda: M.SparseTopKCategoricalAccuracy(k, dtype="float64"), (None, "sample"))
        f.case("sortedIds", lambda: M.SparseTopKCategoricalAccuracy(k, dtype="float64", from_sorted_ids=True), (None, "sample"))
    for metric in (M.SparseCategoricalAccuracy, lambda **options: M.SparseTopKCategoricalAccuracy(2, **options)):
        f.case("labels", lambda: metric(dtype="float64"), (None, "sample"))
        f.case("labelColumn", lambda: metric(dtype="float64"), ALL)
        f.case("labelSeries", lambda: metric(dtype="float64"), ALL)
    f.write()


def regression():
    f = Family("regression")
    f.add("rows", normals(N, 3), normals(N, 3), sample=weights(N), element=weights(N, 3), zero=np.zeros(N), scalar=1.3)
    f.add("vector", normals(N), normals(N, 1), sample=weights(N))
    f.add("series", normals(N, 2, 4), normals(N, 2, 4), sample=weights(N), element=weights(N, 2))
    f.add("positive", np.round(random.uniform(0, 9, (N, 3)), 2), np.round(random.uniform(-1, 9, (N, 3)), 2), sample=weights(N))
    f.add("far", 1000 + normals(N, 2), 1000 + normals(N, 2, spread=0.5), sample=weights(N), element=weights(N, 2))
    f.add("one", np.round(normals(N, 1), 2), normals(N, 1), sample=weights(N))
    f.add("constant", np.full((N, 1), 2.5), normals(N, 1), sample=weights(N))
    for metric in (M.MeanSquaredError, M.MeanAbsoluteError, M.RootMeanSquaredError, M.LogCoshError):
        f.case("rows", lambda: metric(dtype="float64"), (None, "sample", "zero"))
        f.case("vector", lambda: metric(dtype="float64"), (None, "sample"))
        f.case("series", lambda: metric(dtype="float64"), ALL)
    f.case("rows", lambda: M.RootMeanSquaredError(dtype="float64"), ("element",))
    for metric in (M.MeanAbsolutePercentageError, M.MeanSquaredLogarithmicError):
        f.case("positive", lambda: metric(dtype="float64"), (None, "sample"))
    for metric in (M.CosineSimilarity, M.PearsonCorrelation, M.ConcordanceCorrelation):
        f.case("rows", lambda: metric(dtype="float64"), (None, "sample", "scalar"), {"axis": -1})
        f.case("series", lambda: metric(dtype="float64"), ALL, {"axis": -1})
        f.case("series", lambda: metric(dtype="float64", axis=1), (None, "sample"), {"axis": 1})
        f.case("rows", lambda: metric(dtype="float64", axis=0), (None,), {"axis": 0})
    for metric in (M.Mean, M.Sum):
        f.case("rows", lambda: metric(dtype="float64"), (*ALL, "zero", "scalar"))
        f.case("series", lambda: metric(dtype="float64"), ALL)
    for aggregation in ("uniform_average", "variance_weighted_average", None):
        for data, kinds in (("rows", ALL), ("far", ALL), ("one", (None, "sample")), ("constant", (None,))):
            f.case(data, lambda: M.R2Score(class_aggregation=aggregation, dtype="float64"), kinds)
    for regressors in (2, 14, 23, 24, 60):
        f.case("rows", lambda: M.R2Score(num_regressors=regressors, dtype="float64"), (None, "sample"))
    f.case("rows", lambda: M.R2Score(class_aggregation=None, num_regressors=3, dtype="float64"))
    f.write()


def probabilistic():
    f = Family("probabilistic")
    zero_one = labels(2, N, 3)
    mixed = np.where(zero_one == 1, 1, -1)
    mixed[:5] = zero_one[:5]
    f.add("signs", np.where(zero_one == 1, 1, -1), normals(N, 3), sample=weights(N))
    f.add("zeroOne", zero_one, normals(N, 3), sample=weights(N), element=weights(N, 3))
    f.add("mixed", mixed, normals(N, 3), sample=weights(N))
    f.add("oneHotLogits", one_hot(labels(4, N), 4), normals(N, 4), sample=weights(N))
    f.add("oneHot", one_hot(labels(4, N), 4), probabilities(N, 4), sample=weights(N))
    f.add("distributions", probabilities(N, 4), probabilities(N, 4), sample=weights(N))
    f.add("counts", labels(6, N, 3), np.round(random.uniform(0.2, 6, (N, 3)), 2), sample=weights(N), element=weights(N, 3))
    f.add("binary", zero_one, scores(N, 3), sample=weights(N))
    f.add("column", labels(2, N, 1), scores(N, 1), sample=weights(N), element=weights(N, 1))
    f.add("labels", labels(4, N), probabilities(N, 4), sample=weights(N))
    f.add("labelLogits", labels(4, N, 1), normals(N, 4), sample=weights(N))
    void = labels(4, N, 3)
    void[::2, 1] = -1
    f.add("void", void, probabilities(N, 3, 4), sample=weights(N), element=weights(N, 3))
    f.add("voidLabels", labels(4, N), probabilities(N, 4), sample=weights(N))
    channels = np.moveaxis(probabilities(N, 3, 4), -1, 1)
    f.add("channels", one_hot(labels(4, N, 3), 4).transpose(0, 2, 1), channels, sample=weights(N), element=weights(N, 3))
    f.add("labelChannels", labels(4, N, 3), channels, sample=weights(N), element=weights(N, 3))
    for metric in (M.Hinge, M.SquaredHinge):
        for data, kinds in (("signs", (None, "sample")), ("zeroOne", (None, "sample")), ("mixed", (None, "sample"))):
            f.case(data, lambda: metric(dtype="float64"), kinds)
    f.case("oneHotLogits", lambda: M.CategoricalHinge(dtype="float64"), (None, "sample"))
    f.case("distributions", lambda: M.KLDivergence(dtype="float64"), (None, "sample"))
    f.case("oneHot", lambda: M.KLDivergence(dtype="float64"), (None, "sample"))
    f.case("counts", lambda: M.Poisson(dtype="float64"), (None, "sample"))
    for smoothing in (0, 0.2):
        for data in ("binary", "column"):
            f.case(data, lambda: M.BinaryCrossentropy(dtype="float64", label_smoothing=smoothing), (None, "sample"))
        f.case("zeroOne", lambda: M.BinaryCrossentropy(dtype="float64", from_logits=True, label_smoothing=smoothing), (None, "sample"))
        f.case("oneHot", lambda: M.CategoricalCrossentropy(dtype="float64", label_smoothing=smoothing), (None, "sample"))
        logits = lambda: M.CategoricalCrossentropy(dtype="float64", from_logits=True, label_smoothing=smoothing)
        f.case("oneHotLogits", logits, (None, "sample"))
    f.case("channels", lambda: M.CategoricalCrossentropy(dtype="float64", axis=1), ALL)
    f.case("labels", lambda: M.SparseCategoricalCrossentropy(dtype="float64"), (None, "sample"))
    f.case("labelLogits", lambda: M.SparseCategoricalCrossentropy(dtype="float64", from_logits=True), (None, "sample"))
    # On TensorFlow the classes of labels have to be the last axis: it is moved there.
    last = lambda p: np.moveaxis(p, 1, -1)
    f.case("labelChannels", lambda: M.SparseCategoricalCrossentropy(dtype="float64"), ALL, {"axis": 1}, seen_as=last)
    f.case("void", lambda: M.SparseCategoricalCrossentropy(dtype="float64", ignore_class=-1), (None, "element"))
    f.case("voidLabels", lambda: M.SparseCategoricalCrossentropy(dtype="float64", ignore_class=2), (None, "sample"))
    f.write()


def confusion():
    f = Family("confusion")
    f.add("column", labels(2, N), scores(N, 1), sample=weights(N), zero=np.zeros(N))
    f.add("rows", labels(2, N, 3), scores(N, 3), sample=weights(N), element=weights(N, 3))
    f.add("series", labels(2, N, 2, 3), scores(N, 2, 3), element=weights(N, 2))
    f.add("classes", one_hot(labels(5, N), 5), scores(N, 5), sample=weights(N))
    # On thresholds and outside of [0, 1], in numbers that float32 has.
    f.add("edges", labels(2, N, 4), labels(7, N, 4) / 4 - 0.25, sample=weights(N))
    lists = ([0.3, 0.7], [0.8, 0.2, 0.5], [0, 0.5, 1], [0, 0.25, 0.5, 0.75, 1], [0.75, 0.25, 0.25])
    for metric in (M.TruePositives, M.TrueNegatives, M.FalsePositives, M.FalseNegatives):
        f.case("rows", lambda: metric(dtype="float64"), ALL)
        f.case("column", lambda: metric(thresholds=0.4, dtype="float64"), (None, "sample"))
        for given in ([0.3, 0.7], [0.75, 0.25, 0.25], [0, 0.25, 0.5, 0.75, 1]):
            f.case("edges", lambda: metric(thresholds=given, dtype="float64"), (None, "sample"))
    for metric in (M.Precision, M.Recall):
        f.case("column", lambda: metric(dtype="float64"), (None, "sample", "zero"))
        f.case("rows", lambda: metric(dtype="float64"), ALL)
        f.case("series", lambda: metric(dtype="float64"), (None, "element"))
        f.case("series", lambda: metric(class_id=1, dtype="float64"), (None, "element"))
        for given in lists:
            f.case("edges", lambda: metric(thresholds=given, dtype="float64"), (None, "sample"))
        for options in ({"top_k": 2}, {"top_k": 2, "class_id": 3}, {"class_id": 1}, {"top_k": 3, "thresholds": [0.4, 0.6]}):
            f.case("classes", lambda: metric(dtype="float64", **options), (None, "sample"))
    f.write()


AT = {
    M.PrecisionAtRecall: "recall",
    M.RecallAtPrecision: "precision",
    M.SensitivityAtSpecificity: "specificity",
    M.SpecificityAtSensitivity: "sensitivity",
}


def at():
    f = Family("at")
    truth = labels(2, MANY_N, 2)
    f.add("many", truth, np.clip(np.round(scores(MANY_N, 2) * 0.6 + truth * 0.3, 4), 0, 1), MANY, sample=weights(MANY_N), element=weights(MANY_N, 2))
    f.add("column", truth[:, 0], np.clip(np.round(scores(MANY_N, 1) * 0.7 + truth[:, :1] * 0.2, 4), 0, 1), MANY, sample=weights(MANY_N))
    for metric, option in AT.items():
        for value in (0.3, 0.85):
            f.case("many", lambda: metric(**{option: value}, dtype="float64"), ALL)
            f.case("column", lambda: metric(**{option: value}, num_thresholds=11, dtype="float64"), (None, "sample"))
        for count in (1, 2):
            f.case("many", lambda: metric(**{option: 0.5}, num_thresholds=count, dtype="float64"))
        f.case("many", lambda: metric(**{option: 0.6}, class_id=1, dtype="float64"), (None, "sample"))
    f.write()


def auc():
    f = Family("auc")
    truth = labels(2, MANY_N, 2)
    p = np.clip(np.round(scores(MANY_N, 2) * 0.7 + truth * 0.2, 4), 0, 1)
    f.add("many", truth, p, MANY, sample=weights(MANY_N), element=weights(MANY_N, 2), zero=np.zeros(MANY_N))
    f.add("column", truth[:, 0], p[:, :1], MANY, sample=weights(MANY_N))
    f.add("logits", truth, np.round(np.log(p / (1 - p)), 2), MANY, sample=weights(MANY_N))
    f.add("edges", labels(2, MANY_N, 1), labels(5, MANY_N, 1) / 4, MANY, sample=weights(MANY_N))
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "majoring", "minoring"):
            options = {"curve": curve, "summation_method": method, "dtype": "float64"}
            f.case("column", lambda: M.AUC(**options), (None, "sample"))
            f.case("many", lambda: M.AUC(**options, num_thresholds=21), ALL)
            f.case("many", lambda: M.AUC(**options, multi_label=True), (None, "sample"))
            f.case("many", lambda: M.AUC(**options, multi_label=True, num_labels=2, label_weights=[1.0, 3.0]), (None, "sample"))
            f.case("many", lambda: M.AUC(**options, thresholds=[0.7, 0.2, 0.4]), (None, "element"))
        f.case("many", lambda: M.AUC(curve=curve, dtype="float64", label_weights=[0.5, 2.0]), ALL)
        f.case("many", lambda: M.AUC(curve=curve, dtype="float64"), ("zero",))
        f.case("logits", lambda: M.AUC(curve=curve, dtype="float64", from_logits=True), (None, "sample"))
        f.case("edges", lambda: M.AUC(curve=curve, dtype="float64", num_thresholds=5), (None, "sample"))
        f.case("edges", lambda: M.AUC(curve=curve, dtype="float64", thresholds=[0.25, 0.5, 0.75]), (None, "sample"))
        f.case("edges", lambda: M.AUC(curve=curve, dtype="float64", num_thresholds=2), (None,))
        f.case("many", lambda: M.AUC(curve=curve, dtype="float64", multi_label=True, thresholds=[0.3, 0.6]), (None, "sample"))
    f.write()


def f_score():
    f = Family("f-score")
    f.add("classes", one_hot(labels(4, N), 4), scores(N, 4), sample=weights(N), zero=np.zeros(N))
    f.add("labels", labels(2, N, 3), scores(N, 3), sample=weights(N))
    f.add("edges", labels(2, N, 3), labels(3, N, 3) / 2, sample=weights(N))
    for average in (None, "micro", "macro", "weighted"):
        for data in ("classes", "labels", "edges"):
            f.case(data, lambda: M.F1Score(average=average, dtype="float64"), (None, "sample"))
            f.case(data, lambda: M.FBetaScore(average=average, beta=0.5, threshold=0.5, dtype="float64"), (None, "sample"))
        f.case("classes", lambda: M.FBetaScore(average=average, beta=2.0, dtype="float64"), (None, "zero"))
        f.case("labels", lambda: M.F1Score(average=average, threshold=0.7, dtype="float64"), (None, "sample"))
    f.write()


def iou():
    f = Family("iou")
    whole = random.integers(0, 4, N)
    f.add("labels", labels(4, N), labels(4, N), whole=whole, sample=weights(N))
    f.add("images", labels(4, N, 2, 2), labels(4, N, 2, 2), element=weights(N, 2, 2))
    outside = labels(4, N)
    outside[3], outside[9] = 255, -1
    f.add("outside", outside, labels(4, N), sample=weights(N))
    f.add("rare", np.minimum(labels(4, N), 1), np.minimum(labels(4, N), 1), sample=weights(N))
    f.add("scores", labels(4, N), scores(N, 4), sample=weights(N))
    f.add("oneHot", one_hot(labels(4, N), 4), scores(N, 4), sample=weights(N))
    f.add("channels", one_hot(labels(4, N, 3), 4).transpose(0, 2, 1), scores(N, 4, 3), element=weights(N, 3))
    f.add("oneHotIndices", one_hot(labels(4, N), 4), labels(4, N), sample=weights(N))
    f.add("binary", labels(2, N), scores(N), sample=weights(N), whole=whole)
    f.add("binaryEdges", labels(2, N, 2), labels(5, N, 2) / 4, element=weights(N, 2))
    fl = {"dtype": "float64"}
    matrix = lambda one: one.total_cm

    def both(data, metric, kinds):
        for kind in kinds:
            f.case(data, lambda: metric(**({} if kind in (None, "whole") else fl)), (kind,))

    for ids in ([0], [1, 3], [2, 2]):
        both("labels", lambda **o: M.IoU(4, ids, **o), (None, "whole", "sample"))
        both("rare", lambda **o: M.IoU(4, ids, **o), (None, "sample"))
    both("scores", lambda **o: M.IoU(4, [0, 2], sparse_y_pred=False, **o), (None, "sample"))
    both("outside", lambda **o: M.IoU(4, [0, 2], ignore_class=255, **o), (None, "sample"))
    both("labels", lambda **o: M.MeanIoU(4, **o), (None, "whole", "sample"))
    both("images", lambda **o: M.MeanIoU(4, **o), (None, "element"))
    both("rare", lambda **o: M.MeanIoU(4, **o), (None, "sample"))
    both("outside", lambda **o: M.MeanIoU(4, ignore_class=-1, **o), (None, "sample"))
    both("oneHot", lambda **o: M.MeanIoU(4, sparse_y_true=False, sparse_y_pred=False, **o), (None, "sample"))
    both("oneHot", lambda **o: M.OneHotIoU(4, [0, 3], **o), (None, "sample"))
    both("oneHot", lambda **o: M.OneHotIoU(4, [0, 3], ignore_class=1, **o), (None, "sample"))
    both("oneHot", lambda **o: M.OneHotMeanIoU(4, **o), (None, "sample"))
    both("oneHotIndices", lambda **o: M.OneHotIoU(4, [1], sparse_y_pred=True, **o), (None, "sample"))
    both("oneHotIndices", lambda **o: M.OneHotMeanIoU(4, sparse_y_pred=True, **o), (None, "sample"))
    both("channels", lambda **o: OneHotAlong(4, **o), (None, "element"))
    for options in ({}, {"threshold": 0.8}, {"target_class_ids": [1]}):
        both("binary", lambda **o: M.BinaryIoU(**options, **o), (None, "whole", "sample"))
    both("binaryEdges", lambda **o: M.BinaryIoU(**o), (None, "element"))
    for data, kinds in (("labels", (None, "sample")), ("images", (None, "element")), ("outside", (None,))):
        for kind in kinds:
            f.case(data, lambda: M.MeanIoU(4, name="confusion_matrix", **({} if kind is None else fl)), (kind,), results=matrix)
            f.cases[-1]["type"] = "ConfusionMatrix"
    f.write()


class OneHotAlong(M.OneHotMeanIoU):
    """Classes on axis 1: Keras sums its result along the same axis by mistake, where there is only axis 0."""

    def __init__(self, num_classes, **options):
        super().__init__(num_classes, axis=1, **options)

    def result(self):
        self.axis = 0
        value = super().result()
        self.axis = 1
        return value


OneHotAlong.__name__ = "OneHotMeanIoU"

REQUIRED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0]},
    "OneHotMeanIoU": {"num_classes": 3},
    "MeanMetricWrapper": {"fn": keras.losses.mean_squared_error},
    **{metric.__name__: {option: 0.5} for metric, option in AT.items()},
}


def names():
    """Every public metric: its options with defaults, the direction of improvement, and every string that Keras takes for it."""
    found = {name: value for name, value in vars(M).items() if inspect.isclass(value) and issubclass(value, M.Metric)}
    classes = {}
    for name, value in sorted(found.items()):
        one = value(**REQUIRED.get(name, {}))
        parameters = list(inspect.signature(value.__init__).parameters.values())[1:]
        options = {
            camel(parameter.name): plain(parameter.default)
            for parameter in parameters
            if parameter.name not in ("name", "dtype", "kwargs") and parameter.default is not inspect.Parameter.empty
        }
        required = [camel(p.name) for p in parameters if p.default is inspect.Parameter.empty and p.name != "kwargs"]
        entry = {"direction": getattr(one, "_direction", None), "required": required, "options": options}
        classes[name] = {**entry, "config": sorted(camel(key) for key in one.get_config() if key != "dtype")}
    spellings = {key: value.__name__ for key, value in sorted(keras_metrics.ALL_OBJECTS_DICT.items())}
    functions = sorted(name for name, value in vars(M).items() if inspect.isfunction(value) and name not in ("get", "serialize", "deserialize"))
    result = {"keras": keras.__version__, "classes": classes, "spellings": spellings, "functions": functions}
    path = TARGET / "metric-names.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(f"{path}: {len(classes)} classes, {len(spellings)} spellings, {path.stat().st_size} bytes")


for write in (accuracy, regression, probabilistic, confusion, at, auc, f_score, iou, names):
    write()
