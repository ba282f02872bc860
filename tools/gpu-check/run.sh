#!/bin/bash
# Runs all parts of the check and writes logs, JSON and table.md to $OUT. Parts can be named: run.sh cases same speed
here=$(cd "$(dirname "$0")" && pwd)
export OUT=${OUT:-$here/out}
export GPU_CHECK_HOME=$here GPU_CHECK_OUT=$OUT
mkdir -p "$OUT"
parts=${*:-same tuned tensor cudnn speed cases reference conformance digits sanitize racecheck}
node=$here/bin/node
# cuBLAS where PyTorch has it, beside PyTorch itself, or a toolkit.
export GRADSTREAM_CUBLAS=${GRADSTREAM_CUBLAS:-$(python3 - <<'PYTHON' 2>/dev/null
import glob, importlib.util, os
spec = importlib.util.find_spec("torch")
base = os.path.dirname(os.path.dirname(spec.origin)) if spec else "/nowhere"
print((glob.glob(base + "/nvidia/*/lib/libcublas.so.1*") + glob.glob("/usr/local/cuda*/lib64/libcublas.so.1?") + [""])[0])
PYTHON
)}
echo "cuBLAS: ${GRADSTREAM_CUBLAS:-as the loader finds it}" | tee "$OUT/cublas.txt"
# The same for cuDNN. Only the part that is about it uses it: the others are about own kernels.
cudnn=${GRADSTREAM_CUDNN:-$(python3 - <<'PYTHON' 2>/dev/null
import glob, importlib.util, os
spec = importlib.util.find_spec("torch")
base = os.path.dirname(os.path.dirname(spec.origin)) if spec else "/nowhere"
print((glob.glob(base + "/nvidia/cudnn/lib/libcudnn.so.[89]") + glob.glob(base + "/torch/lib/libcudnn.so.[89]") + glob.glob("/usr/lib/*-linux-gnu/libcudnn.so.[89]") + [""])[0])
PYTHON
)}
export GRADSTREAM_CUDNN=off
echo "cuDNN: ${cudnn:-as the loader finds it}" | tee "$OUT/cudnn.txt"
nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv > "$OUT/device.txt" 2>&1
for part in $parts; do
  start=$(date +%s)
  case $part in
    reference) timeout 110 python3 "$here/reference.py" > "$OUT/reference.log" 2>&1 ;;
    sanitize)
      timeout 60 compute-sanitizer --tool memcheck --target-processes all "$node" "$here/app/same.mjs" > "$OUT/memcheck.log" 2>&1
      echo "memcheck: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/memcheck.log"
      timeout 60 compute-sanitizer --tool memcheck --target-processes all "$node" "$here/app/tuned.mjs" > "$OUT/memcheck-tuned.log" 2>&1
      echo "memcheck tuned: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/memcheck-tuned.log"
      # Each tensor in a piece of its own: reads beyond one are found.
      GRADSTREAM_CUDA_EXACT_MEMORY=1 timeout 60 compute-sanitizer --tool memcheck --target-processes all "$node" "$here/app/tensor.mjs" small > "$OUT/memcheck-tensor.log" 2>&1
      echo "memcheck tensor: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/memcheck-tensor.log" ;;
    racecheck)
      timeout 60 compute-sanitizer --tool racecheck --target-processes all "$node" "$here/app/tuned.mjs" > "$OUT/racecheck.log" 2>&1
      echo "racecheck: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/racecheck.log"
      timeout 60 compute-sanitizer --tool racecheck --target-processes all "$node" "$here/app/tensor.mjs" small > "$OUT/racecheck-tensor.log" 2>&1
      echo "racecheck tensor: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/racecheck-tensor.log" ;;
    cudnn) GRADSTREAM_CUDNN=$cudnn timeout 120 "$node" "$here/app/cudnn.mjs" > "$OUT/cudnn.log" 2>&1 ;;
    *) timeout 200 "$node" "$here/app/$part.mjs" > "$OUT/$part.log" 2>&1 ;;
  esac
  echo "$part: exit $?, $(($(date +%s) - start)) s" | tee -a "$OUT/parts.txt"
  "$node" "$here/table.mjs" "$OUT" > /dev/null 2>&1
done
cat "$OUT/parts.txt" "$OUT/table.md"
for log in cases same tuned tensor cudnn digits conformance; do echo "== $log"; tail -12 "$OUT/$log.log" 2>/dev/null | cut -c1-300; done
exit 0
