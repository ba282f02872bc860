// The public names of @gradstream/datasets: names only, one export a line.
export {};
