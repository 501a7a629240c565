# SPDX-License-Identifier: GPL-3.0-or-later
# Every command of busybox is a link to it in $DESTDIR/bin.
set -e
for name in $(./busybox --list); do
    [ "$name" = busybox ] || ln -s busybox "$DESTDIR/bin/$name"
done
