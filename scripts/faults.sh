# Which of a program's calls a kill test visits. Sourced by tests that inject a signal or an error at the Nth call.
#
#   FAULTS=1   every N, to what a counted run made and on until two runs in a row make no Nth call (scripts/test --faults)
#   otherwise  the first 20, and 10 drawn from the rest; SEED=N draws the same again (scripts/test --seed N)

FAULTS=${FAULTS:-}
SEED=${SEED:-$((RANDOM * 32768 + RANDOM))}

# drawn MOST: ten numbers from 21 to MOST, the same for the same SEED.
drawn() {
    [ "$1" -gt 20 ] || return 0
    awk -v seed="$SEED" -v most="$1" 'BEGIN { srand(seed); for (i = 0; i < 10; i++) print 21 + int(rand() * (most - 20)) }' |
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
        numbers=$(seq $((most < 20 ? most : 20)) && drawn "$most")
        for n in $numbers; do
            if "$function" "$calls" "$n"; then here=$((here + 1)); fi
        done
        echo "$calls: $here of N = $(echo $numbers), of $most; SEED=$SEED"
    fi
    reached=$((reached + here))
}

# most_calls TRACE: the largest number of calls that one thread made; strace counts in each thread by itself.
most_calls() { awk '{ print $1 }' "$1" | sort | uniq -c | awk '$1 > most { most = $1 } END { print most + 0 }'; }
