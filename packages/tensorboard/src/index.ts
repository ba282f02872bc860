// The public names of @gradstream/tensorboard: names only, one export a line.
export {};
