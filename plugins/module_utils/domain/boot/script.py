# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is run in a guest, once, to learn all that is expected of it; and where its answers stand.

POSIX shell without any tool that a small image may lack. Nothing in the guest is changed.
"""

from __future__ import annotations

# Begins each part of the answer. The first is there as soon as somebody is logged in.
MARK = "::curator::"
BEGUN = "in"
ENDED = "end"

# Read from standard input by sh, whatever the user's own shell is. The function is read whole
# before it runs, so nothing in it can read the rest of the script away.
SCRIPT = (
    r"""
part() { printf '\n%s%s\n' 'MARK' "$1"; }

device_of_root() {
    number= source=
    while read -r _a _b device _root point rest; do
        if [ "$point" = / ]; then
            number=$device
            source=${rest#* - }
            source=${source#* }
            source=${source%% *}
        fi
    done </proc/self/mountinfo
    if [ -e "/sys/dev/block/$number" ]; then
        cd -P "/sys/dev/block/$number" && pwd
    else
        # btrfs and its like: no device of their own.
        name=$(readlink -f "$source")
        cd -P "/sys/class/block/${name##*/}" && pwd
    fi
}

look() {
    part in
    part cloud_init
    if command -v cloud-init; then
        cloud-init status --wait >/dev/null 2>&1
        cloud-init status --long 2>&1
    fi
    part hostname
    cat /proc/sys/kernel/hostname
    part interfaces
    for link in /sys/class/net/*; do
        # What has no device behind it, the kernel or a program made up.
        [ -e "$link/device" ] && echo "${link##*/} $(cat "$link/address")"
    done
    part addresses
    PATH=$PATH:/sbin:/usr/sbin ip -o addr show
    part authorized_keys
    # Both that an ssh server reads unless told otherwise. No line of them can be taken for a part.
    for file in authorized_keys authorized_keys2; do
        while read -r line || [ "$line" ]; do
            case $line in '#'*) ;; *) printf 'line %s\n' "$line" ;; esac
        done <"$HOME/.ssh/$file"
    done
    part root
    device=$(device_of_root)
    echo "filesystem $(df -Pk / | tail -n 1)"
    echo "device $(cat "$device/size")"
    # Of a volume of LVM or the like, the disk below it.
    while set -- "$device"/slaves/* && [ -e "$1" ]; do
        device=$(cd -P "$1" && pwd)
    done
    [ -e "$device/partition" ] && disk=${device%/*} || disk=$device
    echo "disk $(cat "$disk/size")"
    for each in "$disk"/*/partition; do
        [ -e "$each" ] && echo "partition $(cat "${each%/*}/start") $(cat "${each%/*}/size")"
    done
    part units
    command -v systemctl >/dev/null && systemctl --failed --no-legend --plain --no-pager
    part clock
    date +%s
    part end
}

look 2>/dev/null </dev/null
"""
).replace("MARK", MARK)
