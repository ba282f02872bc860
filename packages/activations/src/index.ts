// The public names of @gradstream/activations: names only, one export a line.
export {};
