# SPDX-License-Identifier: GPL-3.0-or-later
# Builds, on the disk, what is not there yet. /sysc.kaem is the whole script; what is finished is left out of it.
#
#   /packages/NAME.tar        the package of a step
#   /state/NAME               its digest, once it is built or installed, and on the disk
#   /packages/SHA256SUMS      digests of packages that the host has put there, which need only be installed
cd / || exit 1
mkdir -p /state /build /destdir /packages
rm -r -f /build/* /destdir/*

digest_of() {
    sha256sum <"/packages/$1.tar" | cut -c 1-64
}

state_of() { # state_of NAME: what is to be done about a step: nothing, only install its package, or build it
    if [ -f "/packages/$1.tar" ]; then
        digest=$(digest_of "$1")
        if [ -f "/state/$1" ]; then
            [ "${digest}" != "$(cat "/state/$1")" ] || { echo finished && return; }
            echo "#: note $1: its package on the disk is not what was built; it is built again" >&2
        elif grep -q -s -x "${digest}  $1.tar" /packages/SHA256SUMS; then
            echo there && return
        fi
    fi
    rm -f "/state/$1"
    echo missing
}

# Lines before the first step are kept. Where a step is built, its package is kept behind it.
state=missing
while IFS= read -r line; do
    case ${line} in
        '#: step '*)
            name=${line#\#: step }
            state=$(state_of "${name}")
            [ "${state}" != there ] || printf 'cd /\nuntar /packages/%s.tar\n/bin/sh /sysc/keep.sh %s\n' "${name}" "${name}"
            ;;
        '#: end') break ;;
        'sha256sum -c SHA256SUMS') [ -s /distfiles/SHA256SUMS ] || continue ;; # every package is there: no sources came along
    esac
    [ "${state}" = missing ] || continue
    echo "${line}"
    case ${line} in 'pack '*) echo "/bin/sh /sysc/keep.sh ${line#pack }" ;; esac
done </sysc.kaem >/tmp/rest.kaem
exec kaem /tmp/rest.kaem
