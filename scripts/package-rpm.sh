# An .rpm of a staged part; sourced by scripts/package. rpmbuild finds itself what the programs' libraries are called.

# Lines of %files: owner and mode are the layout's, by name.
rpm_files() {
    local part=$1 kind source path owner mode names attributes
    while read -r kind source path owner mode; do
        names=$(owner_names "$kind" "$owner")
        attributes="%attr($mode, ${names/ /, }) $path"
        case $kind in
            program | manual | data) echo "$attributes" ;;
            config) echo "%config(noreplace) $attributes" ;;
            dir | confdir | state | backups) echo "%dir $attributes" ;;
        esac
    done < <(layout "$part")
    [ ! -d "$work/$part/usr/share/muster" ] || echo "%dir %attr(0755, root, root) /usr/share/muster"
    echo "%doc %attr(0644, root, root) /usr/share/doc/muster-$part/changelog.gz"
    echo "%license %attr(0644, root, root) /usr/share/doc/muster-$part/notices.gz"
    echo "%license %attr(0644, root, root) /usr/share/doc/muster-$part/LICENSE"
}

# The user is there before its files are; nothing is enabled; what runs is restarted after an upgrade.
rpm_scripts() {
    local part=$1
    [ -n "$(user_of "$part")" ] || return 0
    cat <<END
%pre
systemd-sysusers - <<'USER' || exit 1
$(grep -v '^#' "systemd/sysusers.d/muster-$part.conf")
USER

%post
rm -f /usr/share/muster/installed/$part
$rpm_live systemctl daemon-reload || :

%preun
if [ "\$1" -eq 0 ]; then systemctl --no-reload disable --now $(echo $(part_units "$part") $(kept_units "$part")) >/dev/null 2>&1 || :; fi

%postun
$rpm_live systemctl daemon-reload || :
if [ "\$1" -ge 1 ]; then
    $rpm_live systemctl stop $(started_units "$part" | tr '\n' ' ') >/dev/null 2>&1 || :
    $rpm_live systemctl try-restart $(enabled_units "$part" | tr '\n' ' ') >/dev/null 2>&1 || :
fi

END
}
rpm_live='[ ! -d /run/systemd/system ] ||'

rpm_spec() {
    local part=$1 name
    cat <<END
Name: muster-$part
Version: $version
Release: $revision
Summary: Muster: $(summary "$part")
License: Apache-2.0
Packager: $packager
Requires: libc.so.6(GLIBC_$floor)(64bit)
END
    if [ -n "$(user_of "$part")" ]; then
        echo "Requires(pre): /usr/bin/systemd-sysusers"
        echo "Requires: systemd"
    fi
    for name in $(recommends "$part" rpm); do echo "Recommends: $name"; done
    cat <<END

%description
$(description "$part" | fold -s -w 78 | sed 's/ *$//')

%install
cp -a $work/$part/. %{buildroot}/
install -m 0644 $PWD/LICENSE %{buildroot}/usr/share/doc/muster-$part/LICENSE
$(layout "$part" | awk '$1 == "state" || $1 == "backups" { print "install -d %{buildroot}" $3 }')

$(rpm_scripts "$part")

%files
$(rpm_files "$part")
END
}

make_rpm() {
    local part=$1 tree=$work/rpm-$1 payload=w19.zstdio options
    need rpmbuild rpm
    if [ -n "$quick" ]; then payload=w1.zstdio; fi
    mkdir -p "$tree"
    rpm_spec "$part" >"$tree/spec"
    options=(
        --define "_topdir $tree"
        --define "_rpmdir $tree"
        --define "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"
        --define "_binary_payload $payload"
        --define "_buildhost muster"
        --define "use_source_date_epoch_as_buildtime 1"
        --define "clamp_mtime_to_source_date_epoch 1"
        # Stripped already, and nothing of this distribution's own is to be done with it.
        --define "debug_package %{nil}"
        --define "__os_install_post %{nil}"
        --define "_build_id_links none"
        # Debian's libcurl names its calls CURL_OPENSSL_4, other distributions' does not: the library's own name says
        # enough, its calls are the same.
        --define '__requires_exclude ^libcurl[.]so[.]4[(]CURL_OPENSSL_4[)]'
    )
    rpmbuild -bb --quiet "${options[@]}" "$tree/spec" >"$tree/log" 2>&1 || die "rpmbuild: $(tail -n 5 "$tree/log")" 1
    mv "$tree"/muster-*.rpm "$out/"
    echo "$out/muster-$part-$version-$revision.$(uname -m).rpm"
}
