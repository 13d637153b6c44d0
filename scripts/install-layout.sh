# What belongs to which part and where it goes; sourced by scripts/install, scripts/uninstall and scripts/package.

units=/usr/lib/systemd/system
users=/usr/lib/sysusers.d

# emit KIND SOURCE TARGET OWNER MODE: KIND is program, manual, data, dpkg, config, dir, confdir, state or backups. The file's
# source is relative to the repository, a program's to the directory of the binaries, a manual's to what
# scripts/make-manuals writes. Only packages have manuals, and only a .deb what is of the kind dpkg,
# of which what has no source is a state directory.
layout() {
    case $1 in
        agent)
            echo "program muster-agent /usr/bin/muster-agent root 0755"
            manuals muster-agent
            echo "data systemd/muster-agent.service $units/muster-agent.service root 0644"
            echo "data systemd/muster-agent-helper.socket $units/muster-agent-helper.socket root 0644"
            echo "data systemd/muster-agent-helper.service $units/muster-agent-helper.service root 0644"
            echo "data systemd/muster-agent-traps.socket $units/muster-agent-traps.socket root 0644"
            echo "data systemd/sysusers.d/muster-agent.conf $users/muster-agent.conf root 0644"
            echo "dpkg systemd/muster-agent-upgrade.service $units/muster-agent-upgrade.service root 0644"
            echo "dpkg systemd/muster-agent-upgrade.timer $units/muster-agent-upgrade.timer root 0644"
            echo "dpkg scripts/upgrade-agent /usr/lib/muster/upgrade-agent root 0755"
            echo "dpkg - /var/lib/muster-upgrade root 0755"
            echo "dir - /usr/share/muster/profiles root 0755"
            for file in agent-config/profiles/*.toml; do
                echo "data $file /usr/share/muster/profiles/${file##*/} root 0644"
            done
            echo "dir - /usr/share/muster/traps root 0755"
            for file in agent-config/traps/*.toml; do
                echo "data $file /usr/share/muster/traps/${file##*/} root 0644"
            done
            echo "confdir - /etc/muster root 0755"
            echo "confdir - /etc/muster/credentials root 0700"
            echo "config agent-config/agent.toml /etc/muster/agent.toml muster-agent 0640"
            echo "config agent-config/policy.toml /etc/muster/policy.toml root 0644"
            echo "confdir - /etc/muster/agent.d muster-agent 0750"
            echo "state - /var/lib/muster-agent muster-agent 0700"
            ;;
        collector)
            echo "program muster-collector /usr/bin/muster-collector root 0755"
            manuals muster-collector
            echo "data systemd/muster-collector.service $units/muster-collector.service root 0644"
            echo "data systemd/sysusers.d/muster-collector.conf $users/muster-collector.conf root 0644"
            echo "confdir - /etc/muster root 0755"
            echo "confdir - /etc/muster/credentials root 0700"
            echo "config collector-config/collector.toml /etc/muster/collector.toml muster 0640"
            for directory in rules policies services strings notifications; do
                echo "confdir - /etc/muster/$directory root 0755"
            done
            for file in collector-config/*.toml collector-config/*/*; do
                [ "$file" = collector-config/collector.toml ] && continue
                [ -f "$file" ] && echo "config $file /etc/muster/${file#collector-config/} root 0644"
            done
            echo "state - /var/lib/muster-collector muster 0700"
            # Not "state": --purge takes it only when it is empty.
            echo "backups - /var/backups/muster-collector muster 0700"
            ;;
        cli)
            echo "program muster /usr/bin/muster root 0755"
            manuals muster
            ;;
    esac
}

manuals() {
    echo "manual share/man/man1/$1.1 /usr/share/man/man1/$1.1.gz root 0644"
    for file in "bash-completion/completions/$1" "zsh/site-functions/_$1" "fish/vendor_completions.d/$1.fish"; do
        echo "manual share/$file /usr/share/$file root 0644"
    done
}

# Units of a part, those that are enabled first.
part_units() {
    case $1 in
        agent) echo "muster-agent-helper.socket muster-agent.service muster-agent-helper.service" ;;
        collector) echo muster-collector.service ;;
    esac
}

# Units that an administrator enables and an upgrade leaves as they are: a socket cannot start beside its running service.
kept_units() {
    case $1 in
        agent) echo muster-agent-traps.socket ;;
    esac
}

# The user that runs a part.
user_of() {
    case $1 in
        agent) echo muster-agent ;;
        collector) echo muster ;;
    esac
}

# The programs of a part.
programs_of() { layout "$1" | awk '$1 == "program" { print $2 }'; }

# The directory of the parts' programs into bin: the one that was named, else that of a release build.
find_binaries() {
    local directory program missing
    for directory in ${bin:+"$bin"} .build-release/release .build/release; do
        missing=
        for program in $(for part in "${parts[@]}"; do programs_of "$part"; done); do
            [ -x "$directory/$program" ] || missing=$program
        done
        if [ -z "$missing" ]; then
            bin=$directory
            return
        fi
        [ -z "$bin" ] || die "--bin $bin: has no $missing"
    done
    die "there is no release build; run scripts/build-release, or name the programs' directory with --bin"
}

# The list of what a part laid down, with the checksum of each configuration file as it was delivered.
manifest() { echo "$target/usr/share/muster/installed/$1"; }

die() {
    echo "$(basename "$0"): $1" >&2
    exit "${2:-2}"
}

parse() {
    parts=() target='' bin='' purge=''
    while [ $# -gt 0 ]; do
        case $1 in
            agent | collector | cli) parts+=("$1") ;;
            all) parts=(agent collector cli) ;;
            --root) target=${2:?--root needs a directory} && shift ;;
            --bin) bin=${2:?--bin needs a directory} && shift ;;
            --purge) purge=yes ;;
            *) die "unknown argument '$1'; see the head of $0" ;;
        esac
        shift
    done
    [ ${#parts[@]} -gt 0 ] || parts=(agent collector cli)
    target=${target%/}
    [ -z "$target" ] || [ -d "$target" ] || die "--root $target: no such directory"
    [ "$(id -u)" -eq 0 ] || die "owners and modes need root; run it with sudo"
}

# Whether the machine below the root is this one and runs systemd.
is_live() { [ -z "$target" ] && [ -d /run/systemd/system ]; }
