#!/bin/bash
# Runs all parts of the check and writes logs, JSON and table.md to $OUT. Parts can be named: run.sh cases same speed
here=$(cd "$(dirname "$0")" && pwd)
export OUT=${OUT:-$here/out}
export GPU_CHECK_HOME=$here GPU_CHECK_OUT=$OUT
mkdir -p "$OUT"
parts=${*:-same speed cases reference conformance digits sanitize}
node=$here/bin/node
nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv > "$OUT/device.txt" 2>&1
for part in $parts; do
  start=$(date +%s)
  case $part in
    reference) timeout 75 python3 "$here/reference.py" > "$OUT/reference.log" 2>&1 ;;
    sanitize)
      timeout 60 compute-sanitizer --tool memcheck --target-processes all "$node" "$here/app/same.mjs" > "$OUT/memcheck.log" 2>&1
      echo "memcheck: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/memcheck.log" ;;
    racecheck)
      timeout 60 compute-sanitizer --tool racecheck --target-processes all "$node" "$here/app/same.mjs" > "$OUT/racecheck.log" 2>&1
      echo "racecheck: $?" >> "$OUT/parts.txt"; tail -2 "$OUT/racecheck.log" ;;
    *) timeout 90 "$node" "$here/app/$part.mjs" > "$OUT/$part.log" 2>&1 ;;
  esac
  echo "$part: exit $?, $(($(date +%s) - start)) s" | tee -a "$OUT/parts.txt"
  "$node" "$here/table.mjs" "$OUT" > /dev/null 2>&1
done
cat "$OUT/parts.txt" "$OUT/table.md"
for log in cases same digits conformance; do echo "== $log"; tail -12 "$OUT/$log.log" 2>/dev/null | cut -c1-300; done
exit 0
