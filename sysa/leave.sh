# SPDX-License-Identifier: GPL-3.0-or-later
# The end of sysa in a machine: from the kernel that was given to our own, by kexec.
#
# /takes names the packages that sysc begins with, /next is the next kernel's command line; the host has written both.
# sysb gets the packages, their digests and the kernel in an archive behind its own.
export PATH=/bin:/usr/bin:/usr/sbin
fail() {
    echo "#: fail sysb $*"
    exit 1
}
mkdir -p /proc /sys
mount -t proc proc /proc 2>/dev/null
mount -t sysfs sys /sys 2>/dev/null
[ -e /sys/kernel/kexec_loaded ] || fail "the kernel that runs, $(uname -r), has no kexec: give another (CONFIG_KEXEC=y)"
if grep -q -s '\[integrity\]\|\[confidentiality\]' /sys/kernel/security/lockdown; then
    fail "the kernel that runs is locked down and refuses kexec: switch Secure Boot off in the firmware's setup"
fi

cd /packages || fail "there are no packages"
{
    echo "dir /packages 755 0 0"
    echo "file /packages/SHA256SUMS /tmp/SHA256SUMS 644 0 0"
    echo "dir /boot 755 0 0"
    echo "file /boot/vmlinuz /boot/vmlinuz 644 0 0"
    while read -r name; do
        sha256sum "${name}.tar" >&3 || exit 1
        echo "file /packages/${name}.tar /packages/${name}.tar 644 0 0"
    done </takes
} 3>/tmp/SHA256SUMS >/tmp/list || fail "a package that sysc begins with is missing"
{ cat /boot/sysb.cpio && gen_init_cpio -t 0 /tmp/list; } >/tmp/initrd || fail "no memory for sysb's archive: give the machine more"
kexec --load /boot/vmlinuz --initrd=/tmp/initrd --command-line="$(cat /next)" || fail "kexec refuses the kernel"
echo "#: leaving sysa"
exec kexec --exec
