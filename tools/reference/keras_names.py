"""The names that Keras exports and the words its get() understands, for fixtures/keras-names.json of activations, initializers and regularizers."""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras.src import activations, constraints, initializers, regularizers

PACKAGES = Path(__file__).parents[2] / "packages"


def names(public, private):
    return {"exports": [name for name in dir(public) if not name.startswith("_")], "words": sorted(private.ALL_OBJECTS_DICT)}


def write(package, sections):
    out = PACKAGES / package / "fixtures" / "keras-names.json"
    out.write_text(json.dumps({"keras": keras.__version__, **sections}, indent=1) + "\n")
    print(f"{out.relative_to(PACKAGES.parent)}: {[len(part['exports']) for part in sections.values()]} names")


write("activations", {"activations": names(keras.activations, activations)})
write("initializers", {"initializers": names(keras.initializers, initializers)})
write("regularizers", {"regularizers": names(keras.regularizers, regularizers), "constraints": names(keras.constraints, constraints)})
