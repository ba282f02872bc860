// The public names of @gradstream/optimizers: names only, one export a line.
export {};
