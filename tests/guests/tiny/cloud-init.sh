#!/bin/sh
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The part of cloud-init that everybody relies on: name and keys from the config drive, for the user
# of the image; and a result to ask for.

data=/seed/openstack/latest/meta_data.json
if [ ! -f "$data" ]; then
    echo "tiny: no config drive" >/dev/console
    echo error >/run/cloud-init/status
    exit
fi
name=$(sed 's/[,{}]/\n/g' "$data" | sed -n 's/^ *"hostname": *"\([^"]*\)".*/\1/p')
[ -z "$name" ] || hostname "${name%%.*}"
mkdir -p /home/tiny/.ssh
sed 's/[,{}]/\n/g' "$data" | sed -n '/"public_keys"/,$p' |
    grep -oE '(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+' | sort -u >/home/tiny/.ssh/authorized_keys
chmod 700 /home/tiny/.ssh
chmod 600 /home/tiny/.ssh/authorized_keys
chown -R tiny:tiny /home/tiny/.ssh
echo 'done' >/run/cloud-init/status
