// The public names of @gradstream/trainer: names only, one export a line.
export {};
