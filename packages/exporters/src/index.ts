// The public names of @gradstream/exporters: names only, one export a line.
export {};
