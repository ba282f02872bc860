"""Loads the models of the zoo from the JSON that gradstream wrote, compares their outputs, and writes Keras' own JSON and weights for the way back."""

import base64
import json
import os

import keras
import numpy as np


def leaves(model, path=""):
    """Every layer that is no model, with its path."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer, f"{path}{layer.name}/")
        else:
            yield f"{path}{layer.name}", layer


def below(path, weights):
    """The weights of a layer: those whose path begins with its own."""
    return [(name, value) for name, value in weights if name.startswith(f"{path}/")]


def check_graphs(folder, array, check, difference):
    with open(os.path.join(folder, "graphs.json"), encoding="utf-8") as file:
        written = json.load(file)
    back = {}
    for graph in written:
        weights = [(path, array(value)) for path, value in graph["weights"]]

        def compare(graph=graph, weights=weights):
            model = keras.models.model_from_json(json.dumps(graph["json"]))
            names = []
            for path, layer in leaves(model):
                own = below(path, weights)
                layer.set_weights([value for _, value in own])
                names += [name for name, _ in own]
            inputs = [array(value) for value in graph["inputs"]]
            outputs = model(dict(zip([i.name for i in model.inputs], inputs)) if len(inputs) > 1 else inputs[0])
            outputs = list(outputs.values()) if isinstance(outputs, dict) else outputs
            outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
            worst = max(difference(np.array(y), array(expected)) for y, expected in zip(outputs, graph["outputs"], strict=True))
            values = [value for _, layer in leaves(model) for value in layer.get_weights()]
            back[graph["name"]] = {
                "json": json.loads(model.to_json()),
                "weights": [
                    [name, {"shape": list(v.shape), "dtype": "float32", "values": base64.b64encode(v.astype("<f4").tobytes()).decode()}]
                    for name, v in zip(names, values, strict=True)
                ],
            }
            return f"{len(model.layers)} layers, largest difference {worst:.1e}"

        check("Keras", f"the definition of {graph['name']}", compare)
    with open(os.path.join(folder, "keras-graphs.json"), "w", encoding="utf-8") as file:
        json.dump(back, file)
