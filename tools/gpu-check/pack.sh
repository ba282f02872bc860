#!/bin/bash
# Makes one archive with all that the check needs on a machine that has a GPU and nothing else of ours: pack.sh FOLDER writes FOLDER/gpu-check.tar.gz.
set -e
here=$(cd "$(dirname "$0")" && pwd)
folder=$1/gpu-check
rm -rf "$folder" && mkdir -p "$folder/bin"
node "$here/bundle.mjs" "$folder" cases same tuned tensor cudnn speed digits conformance
cp "$(node -p process.execPath)" "$folder/bin/node"
strip "$folder/bin/node" 2>/dev/null || true
# MNIST, where it is on this machine: GRADSTREAM_DATA or the folder beside the repository.
for data in "$GRADSTREAM_DATA/mnist" "$GRADSTREAM_DATA" "$here/../../../shared/data/mnist"; do
  if [ -f "$data/train-images-idx3-ubyte.gz" ] && [ ! -d "$folder/mnist" ]; then
    mkdir "$folder/mnist" && cp "$data"/*-ubyte.gz "$folder/mnist/"
  fi
done
cp "$here/run.sh" "$here/reference.py" "$here/table.mjs" "$folder/"
chmod +x "$folder/run.sh"
tar -C "$1" -c gpu-check | gzip -4 > "$1/gpu-check.tar.gz"
ls -la "$1/gpu-check.tar.gz"
