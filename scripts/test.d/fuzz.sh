#!/usr/bin/env bash
# Every parser that reads other people's octets, under libFuzzer for twenty seconds, beginning with the inputs that are kept:
# rows B8 and P1 of the faults. Longer: scripts/fuzz --seconds 600 TARGET.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
scripts/fuzz --seconds 20
