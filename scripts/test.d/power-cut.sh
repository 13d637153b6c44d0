#!/usr/bin/env bash
# Cuts the power of the disk below a collector and below an agent: each has its state on an ext4 of its own in a file, which is
# shut down without a flush (EXT4_IOC_SHUTDOWN), so that what was only in the page cache is gone. A process is stopped before
# its disk goes, because a flush under way could report a success that is none. What the collector had acknowledged and what
# the agent had enqueued must be there afterwards, without a repair and without a gap.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

end_disks() {
    local disk
    for disk in "$demo"/disk.*; do if mountpoint -q "$disk"; then umount -l "$disk"; fi; done
}
trap 'end agent KILL; end collector KILL; end_disks; end_stack' EXIT

# disk NAME: a new one, mounted at $demo/disk.NAME.
disk() {
    mkdir "$demo/disk.$1"
    truncate -s 256M "$demo/$1.ext4"
    mkfs.ext4 -q -F "$demo/$1.ext4"
    mount -o loop "$demo/$1.ext4" "$demo/disk.$1" 2>/dev/null
}

# power_cut NAME LOOK: of a process and its disk, and the disk is back; LOOK is run while the process is stopped.
power_cut() {
    kill -STOP "$(cat "$demo/run/$1.pid")"
    sleep 0.3
    "$2"
    python3 - "$demo/disk.$1" <<'END'
import fcntl, os, struct, sys
shutdown, without_flush = 0x8004587D, struct.pack("I", 2)
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), shutdown, without_flush)
END
    end "$1" KILL
    until_true 10 umount "$demo/disk.$1"
    mount -o loop "$demo/$1.ext4" "$demo/disk.$1"
}

if ! disk collector || ! disk agent; then
    echo "skip A3, C2: no file system can be made and mounted here"
    exit 0
fi
write_stack
sed -i "s|^state_directory = .*|state_directory = \"$demo/disk.collector/state\"|" "$demo/etc/collector.toml"
sed -i "s|^state_directory = .*|state_directory = \"$demo/disk.agent/state\"|" "$demo/etc/agent.toml"
join_stack
start_agent
until_true 30 eval '[ "$(agent_figure acknowledged)" -gt 20 ]'

acknowledged() { before=$(agent_figure acknowledged); }
power_cut collector acknowledged
start_collector
if ! until_true 10 m agent list; then
    echo "not ok C2: the collector is not up again: $(tail -n 3 "$demo/log/collector.log")"
    exit 1
fi
until_true 30 eval '[ "$(agent_figure acknowledged)" -gt $((before + 5)) ]'
end agent
if until_true 10 ledger_is_exact; then
    echo "ok C2: the power of the collector's disk cut behind $before acknowledged reports; none is lost, nothing stored twice"
else
    echo "not ok C2: behind $before acknowledged reports: $(m agent ledger "$(agent_id)" --format json | jq -c .epochs)"
fi

end collector
start_agent
until_true 30 eval '[ "$(agent_figure waiting)" -gt 10 ]'
enqueued() { before=$(agent_figure enqueued); }
power_cut agent enqueued
after=$(agent_figure enqueued)
start_collector
collector_answers
start_agent
until_true 30 eval '[ "$(agent_figure acknowledged)" -ge "$before" ]'
end agent
if [ "$after" -ge "$before" ] && until_true 10 ledger_is_exact; then
    echo "ok A3: the power of the agent's disk cut behind $before enqueued reports; none is lost or declared lost"
else
    echo "not ok A3: enqueued $before, after the power cut $after: $(m agent ledger "$(agent_id)" --format json | jq -c .epochs)"
fi
