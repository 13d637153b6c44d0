# Which of a program's calls a kill test visits, and how it is ended there. Sourced by the kill tests.
#
#   FAULTS=1   every N, to what a counted run made and on until two runs in a row make no Nth call (scripts/test --faults)
#   otherwise  the first 12, and 8 drawn from the rest; SEED=N draws the same again (scripts/test --seed N)

FAULTS=${FAULTS:-}
SEED=${SEED:-$((RANDOM * 32768 + RANDOM))}

# drawn MOST: eight numbers from 13 to MOST, the same for the same SEED.
drawn() {
    [ "$1" -gt 12 ] || return 0
    awk -v seed="$SEED" -v most="$1" 'BEGIN { srand(seed); for (i = 0; i < 8; i++) print 13 + int(rand() * (most - 12)) }' |
        sort -nu
}

# visit FUNCTION CALLS MOST: runs FUNCTION CALLS N for each N to visit; FUNCTION gives 0 when the Nth call was reached
# and 1 when the run made none. MOST is how many a run made that was only counted. Adds to $reached.
reached=0
visit() {
    local function=$1 calls=$2 most=$3 n=0 missed=0 here=0
    if [ -n "$FAULTS" ]; then
        while [ "$missed" -lt 2 ] || [ "$n" -lt "$most" ]; do
            n=$((n + 1))
            if "$function" "$calls" "$n"; then here=$((here + 1)) missed=0; else missed=$((missed + 1)); fi
        done
        echo "$calls: $here kills at N = 1 to $n; a counted run made $most, the last two runs made no more"
    else
        local numbers
        numbers=$(seq $((most < 12 ? most : 12)) && drawn "$most")
        for n in $numbers; do
            if "$function" "$calls" "$n"; then here=$((here + 1)); fi
        done
        echo "$calls: $here of N = $(echo $numbers), of $most; SEED=$SEED"
    fi
    reached=$((reached + here))
}

# nth_call FILE: builds what counts a program's calls over all its threads and ends it at the Nth (Tests/Faults).
nth_call() {
    cc -shared -fPIC -O1 -Wall -Werror -o "$1" "$(dirname "${BASH_SOURCE[0]}")/../Tests/Faults/nth_call.c" -ldl
}

# calls_made FILE: what such a program counted there.
calls_made() { if [ -s "$1" ]; then od -An -t u8 "$1" | tr -d ' '; else echo 0; fi; }
