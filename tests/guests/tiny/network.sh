#!/bin/sh
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Sets the network up as the config drive has it; without one, as anybody would, by DHCP.
# Addresses of IPv6 that the drive does not give come from the router, by the kernel.

# Nobody else has its addresses, so it need not ask around before it uses one.
echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
ip link set eth0 up

# netmask ffff:ffff:ffff:ffff:: -> 64
prefix_of() {
    case $1 in
    *:*) ;;
    *) echo "$1" && return ;;
    esac
    printf '%s' "$1" | tr -cd f | wc -c | awk '{ print $1 * 4 }'
}

dhcp() {
    udhcpc -q -n -t 20 -T 1 -i eth0 -s /etc/udhcpc.sh >/dev/null 2>&1
}

data=/seed/openstack/latest/network_data.json
if [ ! -f "$data" ]; then
    dhcp
    exit
fi

# One key and value a line, in the order of the file: each network begins with its id, and its own
# mask comes before those of its routes.
tr -d ' \n' <"$data" | sed 's/[][,{}]/\n/g' | tr -d '"' | awk -F: '
    function give() {
        if (type == "ipv4_dhcp") print "dhcp"
        if (address != "") print type, address, mask, gateway
        type = address = mask = gateway = ""
    }
    $1 == "links" || $1 == "networks" { give(); inside = ($1 == "networks"); next }
    !inside { next }
    { value = substr($0, length($1) + 2) }
    $1 == "id" { give() }
    $1 == "type" && value ~ /^ipv[46]/ { type = value }
    $1 == "ip_address" { address = value }
    $1 == "netmask" && mask == "" { mask = value }
    $1 == "network" { route = value }
    $1 == "gateway" && (route == "0.0.0.0" || route == "::") { gateway = value }
    END { give() }
' | while read -r type address mask gateway; do
    case $type in
    dhcp)
        dhcp
        ;;
    ipv4*)
        ip addr add "$address/$mask" dev eth0
        [ -z "$gateway" ] || ip route add default via "$gateway"
        ;;
    ipv6*)
        ip -6 addr add "$address/$(prefix_of "$mask")" dev eth0
        [ -z "$gateway" ] || ip -6 route add default via "$gateway" dev eth0
        ;;
    esac
done
