// The public names of @gradstream/backends: names only, one export a line.
export {};
