// The public names of @gradstream/callbacks: names only, one export a line.
export {};
