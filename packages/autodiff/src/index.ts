// The public names of @gradstream/autodiff: names only, one export a line.
export {};
