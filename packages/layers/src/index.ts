// The public names of @gradstream/layers: names only, one export a line.
export {};
