// The public names of @gradstream/regularizers: names only, one export a line.
export {};
