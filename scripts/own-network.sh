# A scripted test that makes links and network namespaces sources this before anything else: it goes on in a network and a mount
# namespace of its own. Nothing outside is touched, two runs do not meet at one address, and the kernel takes all of it away with the
# last process, also when the test is killed. Where that is not allowed the test goes on as it is, and says itself what it cannot do.

# shellcheck disable=SC2016
if [ "${MUSTER_OWN_NETWORK:-}" != "$0" ] && unshare --net --mount true 2>/dev/null; then
    # /sys tells of the network of whoever mounted it; /run/netns is where ip keeps the names of namespaces.
    MUSTER_OWN_NETWORK=$0 exec unshare --net --mount sh -c '
        ip link set lo up && mount -t sysfs none /sys && mkdir -p /run/netns && mount -t tmpfs none /run/netns && exec "$@"' sh "$0" "$@"
fi
