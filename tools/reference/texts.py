"""Hashes, lookups and tokens of text, of Keras on TensorFlow: Hashing, HashedCrossing, StringLookup and TextVectorization, with what they learn."""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as k

FIXTURES = Path(__file__).parents[2] / "packages" / "datasets" / "fixtures"
random = np.random.default_rng(5)
MODES = {"int": "int", "one_hot": "oneHot", "multi_hot": "multiHot", "count": "count", "tf_idf": "tfIdf"}


def host(values):
    values = np.array(values)
    return {"shape": list(values.shape), "values": [float(f"{v:.7g}") for v in values.ravel()]}


def hashes():
    letters = "abcdefghijklmnopqrstuvwxyzäöüß€😀 0123456789"
    texts = ["", "omar", "stringer", "marlo", "wire", "skywalker"]
    for length in [*range(1, 70), 95, 96, 127, 128, 129, 191, 192, 193, 255, 256, 300]:
        texts.append("".join(random.choice(list(letters), size=length)))
    found = []
    for bins in (2, 1000003):
        for salt in (None, 133, [133, 137]):
            layer = k.Hashing(bins, salt=salt)
            found.append({"numBins": bins, "salt": salt, "bins": np.array(layer(tf.constant(texts))).tolist()})
    masked = k.Hashing(3, mask_value="")
    crosses = []
    whole = random.integers(-1000, 10**9, size=len(texts)).tolist()
    for bins in (5, 1000003):
        layer = k.HashedCrossing(bins)
        crosses.append({"numBins": bins, "texts": np.array(layer((tf.constant(texts), tf.constant(texts[::-1])))).tolist(),
                        "mixed": np.array(layer((tf.constant(texts), tf.constant(whole, "int64")))).tolist()})
    return {"texts": texts, "whole": whole, "hashing": found, "masked": np.array(masked(tf.constant(texts))).tolist(), "crosses": crosses}


def lookups():
    words = ["earth", "wind", "and", "fire", "und", "über"]
    asked = [["earth", "wind", "", "and"], ["fire", "and", "earth", "michigan"], ["x", "y", "über", "und"]]
    documents = [["b", "a", "c"], ["c", "b", "é"], ["z", "c", "[UNK]"], ["", "ab", "b"]]
    found = []
    for keras_mode, mode in MODES.items():
        for options, keywords in (({}, {}), ({"maskToken": "", "numOovIndices": 3}, {"mask_token": "", "num_oov_indices": 3}),
                                  ({"maxTokens": 12, "padToMaxTokens": True}, {"max_tokens": 12, "pad_to_max_tokens": True}),
                                  ({"numOovIndices": 4, "salt": [1, 2]}, {"num_oov_indices": 4, "salt": [1, 2]})):
            if keras_mode == "tf_idf":
                weights = [0.5, 1.5, 0.25, 2.0, 0.75, 1.0]
                options, keywords = {**options, "idfWeights": weights}, {**keywords, "idf_weights": weights}
            layer = k.StringLookup(vocabulary=words, output_mode=keras_mode, **keywords)
            found.append({"options": {"vocabulary": words, "outputMode": mode, **options}, "texts": asked, "output": host(layer(asked)), "vocabulary": layer.get_vocabulary()})
    learned = []
    for keras_mode, mode in MODES.items():
        for options, keywords in (({}, {}), ({"maskToken": "", "maxTokens": 5}, {"mask_token": "", "max_tokens": 5})):
            layer = k.StringLookup(output_mode=keras_mode, **keywords)
            layer.adapt(documents)
            learned.append({"options": {"outputMode": mode, **options}, "documents": documents, "texts": documents, "output": host(layer(documents)), "vocabulary": layer.get_vocabulary()})
    return {"given": found, "learned": learned}


def vectorizations():
    texts = ["The cat sat on the mat.", "The dog sat on the log!", "  Dogs & cats -- living_together;  MASS hysteria (42)", "", "ÄPFEL\tund\nBirnen, 'n'"]
    found = []
    settings = [({}, {}), ({"outputSequenceLength": 3}, {"output_sequence_length": 3}), ({"outputSequenceLength": 20}, {"output_sequence_length": 20}),
                ({"maxTokens": 6}, {"max_tokens": 6}), ({"ngrams": 2}, {"ngrams": 2}), ({"ngrams": [1, 3]}, {"ngrams": (1, 3)}),
                ({"standardize": "lower"}, {"standardize": "lower"}), ({"standardize": "stripPunctuation"}, {"standardize": "strip_punctuation"}),
                ({"standardize": None}, {"standardize": None}), ({"split": "character"}, {"split": "character"})]
    settings += [({"outputMode": MODES[mode], **o}, {"output_mode": mode, **w}) for mode in ("multi_hot", "count", "tf_idf")
                 for o, w in (({}, {}), ({"maxTokens": 40, "padToMaxTokens": True}, {"max_tokens": 40, "pad_to_max_tokens": True}))]
    for options, keywords in settings:
        layer = k.TextVectorization(**keywords)
        layer.adapt(texts)
        asked = ["the cat and the dog", "äpfel und nichts", ""]
        found.append({"options": options, "texts": texts, "asked": asked, "output": host(layer(asked)), "vocabulary": layer.get_vocabulary()})
    return found


content = {"keras": keras.__version__, "hashes": hashes(), "lookups": lookups(), "vectorizations": vectorizations()}
text = json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"
FIXTURES.mkdir(exist_ok=True)
assert len(text.encode()) <= 100 * 1024
(FIXTURES / "texts.json").write_text(text)
print(f"texts.json: {len(text.encode())} bytes")
