# A .deb of a staged part; sourced by scripts/package.

# What dpkg's own tools make the control file from: they compute dependencies and size.
deb_control() {
    local part=$1 names
    names=$(recommends "$part" deb)
    cat <<END
Source: muster
Section: admin
Priority: optional
Maintainer: $packager

Package: muster-$part
Architecture: any
Depends: \${shlibs:Depends}, libc6 (>= $floor)$([ -z "$(user_of "$part")" ] || echo ", systemd | systemd-standalone-sysusers | systemd-sysusers")
END
    [ -z "$names" ] || echo "Recommends: ${names// /, }"
    echo "Description: $(summary "$part")"
    description "$part" | fold -s -w 78 | sed 's/^/ /; s/ *$//'
}

deb_changelog() {
    cat <<END
muster ($version-$revision) stable; urgency=medium

  * Version $version; changelog.gz says what is new.

 -- $packager  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
}

deb_copyright() {
    cat <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Muster

Files: *
Copyright: $(date -u +%Y -d "@$SOURCE_DATE_EPOCH") the Muster contributors
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
 .
 The licences of the libraries inside the programs are in notices.gz.
END
}

# A file of configuration is the administrator's: dpkg keeps it when it was changed.
deb_conffiles() { layout "$1" | awk '$1 == "config" { print $3 }'; }

# What the scripts of a part share: what to do only where systemd runs.
deb_live='[ -d /run/systemd/system ]'

deb_postinst() {
    local part=$1 kind source path owner mode names
    echo '#!/bin/sh'
    echo 'set -e'
    echo 'if [ "$1" = configure ]; then'
    if [ -n "$(user_of "$part")" ]; then echo "    systemd-sysusers muster-$part.conf"; fi
    cat <<'END'
    # As it was unpacked, or as the administrator wants it.
    give() {
        if [ "$(stat -c %U:%G:%a "$3" 2>/dev/null)" = "root:root:$2" ]; then chown "$1" "$3"; fi
    }
END
    while read -r kind source path owner mode; do
        names=$(owner_names "$kind" "$owner")
        case $kind in
            config | confdir) [ "$owner" = root ] || echo "    give ${names/ /:} ${mode#0} $path" ;;
            state | backups) echo "    install -d -m $mode -o ${names/ / -g } $path" ;;
            dpkg) [ "$source" != - ] || echo "    install -d -m $mode $path" ;;
        esac
    done < <(layout "$part")
    echo "    # Laid down by scripts/install before: from now on it is dpkg's."
    echo "    rm -f /usr/share/muster/installed/$part"
    echo 'fi'
    if [ -n "$(part_units "$part")" ]; then deb_postinst_units "$part"; fi
}

# Nothing is enabled here: a unit without configuration or enrolment could only fail. What was enabled stays so, and
# what runs is restarted.
deb_postinst_units() {
    local unit
    echo 'case "$1" in configure | abort-upgrade | abort-deconfigure | abort-remove)'
    for unit in $(enabled_units "$1") $(deb_timers "$1"); do
        echo "    if deb-systemd-helper debian-installed $unit && deb-systemd-helper --quiet was-enabled $unit; then deb-systemd-helper enable $unit >/dev/null || true; fi"
        echo "    deb-systemd-helper update-state $unit >/dev/null || true"
    done
    echo "    if $deb_live; then"
    echo '        systemctl --system daemon-reload >/dev/null || true'
    for unit in $(started_units "$1"); do echo "        deb-systemd-invoke stop $unit >/dev/null || true"; done
    # A unit that is neither enabled nor running is left alone by deb-systemd-invoke.
    for unit in $(enabled_units "$1") $(deb_timers "$1"); do echo "        deb-systemd-invoke restart $unit >/dev/null || true"; done
    echo '    fi'
    echo '    ;;'
    echo 'esac'
}

deb_prerm() {
    echo '#!/bin/sh'
    echo 'set -e'
    echo "if [ \"\$1\" = remove ] && $deb_live; then"
    echo "    deb-systemd-invoke stop $(echo $(part_units "$1") $(kept_units "$1") $(deb_timers "$1")) >/dev/null || true"
    echo 'fi'
}

deb_postrm() {
    local part=$1 kind source path rest
    echo '#!/bin/sh'
    echo 'set -e'
    echo 'if [ "$1" = purge ]; then'
    echo "    if command -v deb-systemd-helper >/dev/null; then"
    echo "        deb-systemd-helper purge $(echo $(enabled_units "$part") $(deb_timers "$part")) >/dev/null || true"
    echo '    fi'
    while read -r kind source path rest; do
        case $kind in
            state) echo "    rm -rf $path" ;;
            dpkg) [ "$source" != - ] || echo "    rm -rf $path" ;;
            backups) echo "    rmdir $path 2>/dev/null || true" ;;
        esac
    done < <(layout "$part")
    echo 'fi'
    echo "if $deb_live; then systemctl --system daemon-reload >/dev/null || true; fi"
}

# The packages of the libraries that a program is linked with, each from the version on that has what is called.
deb_dependencies() {
    local options=(--warnings=0)
    if [ -n "$development" ]; then options+=(--ignore-missing-info); fi
    (cd "$1" && dpkg-shlibdeps "${options[@]}" tree/usr/bin/*) >"$1/log" 2>&1 ||
        die "$(grep error: "$1/log" | head -n 1); build with scripts/build-release, or see --development" 1
}

# What lintian does not like and what is meant: secrets are closed to others, the inventory reads dpkg's database and
# starts no program for it, and there is no bug in Debian that wanted the package.
deb_overrides() {
    local part=$1
    printf "muster-$part: %s\n" "initial-upload-closes-no-bugs *" "uses-dpkg-database-directly *"
    [ -n "$(user_of "$part")" ] || return 0
    printf "muster-$part: %s\n" "non-standard-dir-perm *" "non-standard-file-perm *"
}

# What only a .deb has: files that work with apt.
deb_files() {
    local kind source path owner mode
    while read -r kind source path owner mode; do
        if [ "$kind" = dpkg ] && [ "$source" != - ]; then install -D -m "$mode" "$source" "$2$path"; fi
    done < <(layout "$1")
}

# Units that are off until they are enabled, and may run when the package is upgraded: an upgrade is what they do.
deb_timers() { layout "$1" | awk '$1 == "dpkg" && $2 ~ /[.]timer$/ { sub(".*/", "", $2); print $2 }'; }

make_deb() {
    local part=$1 sources=$work/deb-$1 tree=$work/deb-$1/tree script compression=(-Zxz)
    need dpkg-shlibdeps dpkg-dev
    mkdir -p "$sources/debian"
    cp -a "$work/$part" "$tree"
    mkdir "$tree/DEBIAN"
    deb_files "$part" "$tree"
    # Debian's zsh looks into no site-functions of a package.
    mv "$tree/usr/share/zsh/site-functions" "$tree/usr/share/zsh/vendor-completions"
    deb_control "$part" >"$sources/debian/control"
    deb_changelog >"$sources/debian/changelog"
    deb_copyright >"$tree/usr/share/doc/muster-$part/copyright"
    mkdir -p "$tree/usr/share/lintian/overrides"
    deb_overrides "$part" >"$tree/usr/share/lintian/overrides/muster-$part"
    gzip -9nc "$sources/debian/changelog" >"$tree/usr/share/doc/muster-$part/changelog.Debian.gz"
    deb_dependencies "$sources"
    (cd "$tree" && find usr -type f -printf '%P\n' | sort | sed 's|^|usr/|' | xargs md5sum) >"$sources/md5sums"
    (cd "$sources" && dpkg-gencontrol -p"muster-$part" -Ptree -Otree/DEBIAN/control 2>/dev/null)
    mv "$sources/md5sums" "$tree/DEBIAN/md5sums"
    deb_conffiles "$part" >"$tree/DEBIAN/conffiles"
    [ -s "$tree/DEBIAN/conffiles" ] || rm "$tree/DEBIAN/conffiles"
    if [ -n "$(user_of "$part")" ]; then
        for script in postinst prerm postrm; do
            "deb_$script" "$part" >"$tree/DEBIAN/$script"
            chmod 755 "$tree/DEBIAN/$script"
        done
    fi
    settle "$tree"
    if [ -n "$quick" ]; then compression=(-Zgzip -z1); fi
    dpkg-deb --root-owner-group "${compression[@]}" --build "$tree" "$out" >/dev/null
    echo "$out/muster-${part}_$version-${revision}_$(dpkg --print-architecture).deb"
}
