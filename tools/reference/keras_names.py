"""The names that Keras exports and the words its get() understands, for fixtures/keras-names.json of activations, initializers and regularizers, and
for fixtures/layer-names.json of layers. A name is an alias where it is the same object as another one, which has its own name."""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras.src import activations, constraints, initializers, regularizers

PACKAGES = Path(__file__).parents[2] / "packages"


def exported(public):
    names = [name for name in dir(public) if not name.startswith("_")]
    own = {name: getattr(public, name).__name__ for name in names}
    same = lambda name: own[name] in own and getattr(public, own[name]) is getattr(public, name)
    return {"exports": names, "aliases": {name: own[name] for name in names if own[name] != name and same(name)}}


def names(public, private):
    return {**exported(public), "words": sorted(private.ALL_OBJECTS_DICT)}


def write(package, sections, file="keras-names.json"):
    out = PACKAGES / package / "fixtures" / file
    out.write_text(json.dumps({"keras": keras.__version__, **sections}, indent=1) + "\n")
    print(f"{out.relative_to(PACKAGES.parent)}: {[len(part['exports']) for part in sections.values()]} names")


write("activations", {"activations": names(keras.activations, activations)})
write("initializers", {"initializers": names(keras.initializers, initializers)})
write("regularizers", {"regularizers": names(keras.regularizers, regularizers), "constraints": names(keras.constraints, constraints)})
write("layers", {"layers": exported(keras.layers)}, "layer-names.json")
