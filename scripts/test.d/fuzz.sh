#!/usr/bin/env bash
# Every parser that reads other people's octets, under libFuzzer for a short time, beginning with the inputs that are kept:
# rows B8 and P1 of the faults. With FAULTS=1 twenty seconds each; longer: scripts/fuzz --seconds 600 TARGET.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
scripts/fuzz --seconds "$([ -n "${FAULTS:-}" ] && echo 20 || echo 3)"
