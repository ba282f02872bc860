// The public names of gradstream: names only, one export a line.
export {};
