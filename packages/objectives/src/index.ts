// The public names of @gradstream/objectives: names only, one export a line.
export {};
