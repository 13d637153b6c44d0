#!/usr/bin/env bash
# A directory on a mount whose server is gone: the source that reads it is ended and named, at the collector and by status, the
# others are there, and a restart does not try it again.
set -euo pipefail

# The mount must hang nobody else.
if [ -z "${MUSTER_OWN_MOUNTS:-}" ]; then
    if [ "$(id -u)" -ne 0 ] || [ ! -e /dev/fuse ] || [ ! -d /etc/cron.d ]; then
        echo "skip budget: needs root, /dev/fuse and /etc/cron.d"
        exit 0
    fi
    MUSTER_OWN_MOUNTS=1 exec unshare --mount "$0"
fi
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

# A file system in user space that never answers; it goes with the process.
cat >"$demo/hang.py" <<'END'
import ctypes
import os
import signal
import sys

server = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={server},rootmode=40000,user_id=0,group_id=0".encode()
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"hangs", sys.argv[1].encode(), b"fuse", 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
signal.pause()
END

write_stack
cat >>"$demo/etc/agent.toml" <<'END'

[budget]
source_time = "2s"
END
join_stack
start hang /usr/bin/python3 "$demo/hang.py" /etc/cron.d
until_true 5 grep -q ' /etc/cron.d .* fuse ' /proc/self/mountinfo || { echo "skip budget: FUSE cannot be mounted here" && exit 0; }
start_agent

receipt() { m agent receipts "$(agent_id)" --format json | jq -e --arg source "$1" --arg outcome "$2" 'any(.[]; .source == $source and .outcome == $outcome)'; }
said() { m agent receipts "$(agent_id)" --format json | jq -r '.[] | select(.source == "inventory/jobs") | .message'; }
say() { if "${@:2}" >/dev/null 2>&1; then echo "ok budget: $1"; else echo "not ok budget: $1" && tail -n 3 "$demo/log/agent.log"; fi; }

say "the source that hangs is named at the collector" until_true 30 receipt inventory/jobs truncated
say "with what it overran, and when it is read again" grep -q 'took longer than 2 s; not read before' <<<"$(said)"
for source in packages certificates connections; do say "$source, read behind it, is there" until_true 30 receipt inventory/$source success; done
status() { muster-agent status --config "$demo/etc/agent.toml" "$@"; }
say "status names it" grep -q 'not read .*jobs before' <<<"$(status)"

end agent TERM
before=$(status --format json | jq -c .cooling)
start_agent
until_true 20 receipt inventory/users success
sleep 3
say "a restart does not try it again" test "$(status --format json | jq -c .cooling)" = "$before"
no_worker() { ! pgrep -f "worker --config $demo/.* jobs" >/dev/null; }
say "no worker is left that reads it" no_worker
