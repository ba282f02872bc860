// The public names of @gradstream/initializers: names only, one export a line.
export {};
