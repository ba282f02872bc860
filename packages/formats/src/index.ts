// The public names of @gradstream/formats: names only, one export a line.
export {};
