#!/usr/bin/env bash
# A gateway to try transparent listeners on: three network namespaces in a row, which know nothing of the rest of this machine.
#
#   cgnat-client                cgnat-gateway                                   cgnat-server
#   10.77.0.2 ───────────────── 10.77.0.1  pool 198.51.100.0/29  203.0.113.1 ── 203.0.113.2 to .4
#   2001:db8:1::2 ───────────── 2001:db8:1::1                  2001:db8:2::1 ── 2001:db8:2::2
#
# Usage: gateway.sh up [tproxy|redirect] | down | status        (as root; tproxy if nothing is said)
# README.md tells what the rules do, and how they look on a gateway of your own.
set -euo pipefail

readonly client=cgnat-client gateway=cgnat-gateway server=cgnat-server
readonly pool=198.51.100.0/29
readonly tproxy_port=15001 redirect_port=15002
# Packets with this mark are delivered here, whatever their destination.
readonly mark=1 table=100
# The user that the proxy runs as: its own connections must not come back to it.
readonly proxy_uid=${CGNAT_PROXY_UID:-0}

die() {
    printf 'gateway.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

exists() {
    ip netns list | grep -qE "^$1( |\$)"
}

# tproxy, redirect, or nothing.
mode() {
    local name
    for name in tproxy redirect; do
        if exists "$gateway" && ip netns exec "$gateway" nft list table inet "cgnat_$name" >/dev/null 2>&1; then
            echo "$name"
        fi
    done
}

down() {
    local name
    for name in "$client" "$gateway" "$server"; do
        if exists "$name"; then
            ip netns del "$name" # its interfaces, routes and rules end with it
        fi
    done
}

# link NAMESPACE INTERFACE NAMESPACE INTERFACE
link() {
    ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
    ip -n "$1" link set "$2" up
    ip -n "$3" link set "$4" up
}

# address NAMESPACE INTERFACE ADDRESS...
address() {
    local netns=$1 interface=$2 one
    shift 2
    for one in "$@"; do
        if [[ $one == *:* ]]; then
            ip -n "$netns" addr add "$one" dev "$interface" nodad # nobody else is there to have it
        else
            ip -n "$netns" addr add "$one" dev "$interface"
        fi
    done
}

topology() {
    local name
    for name in "$client" "$gateway" "$server"; do
        ip netns add "$name"
        ip -n "$name" link set lo up
    done
    link "$client" eth0 "$gateway" inside
    link "$gateway" outside "$server" eth0
    address "$client" eth0 10.77.0.2/24 2001:db8:1::2/64
    address "$gateway" inside 10.77.0.1/24 2001:db8:1::1/64
    address "$gateway" outside 203.0.113.1/24 2001:db8:2::1/64
    address "$server" eth0 203.0.113.2/24 203.0.113.3/24 203.0.113.4/24 2001:db8:2::2/64
    ip -n "$client" route add default via 10.77.0.1
    ip -n "$client" route add default via 2001:db8:1::1
    ip -n "$gateway" route add local "$pool" dev lo
    ip -n "$server" route add "$pool" via 203.0.113.1
    # Only to show what passes untranslated: a server elsewhere could not answer.
    ip -n "$server" route add 10.77.0.0/24 via 203.0.113.1
    ip -n "$server" route add 2001:db8:1::/64 via 2001:db8:2::1
    ip netns exec "$gateway" sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
        net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.lo.rp_filter=0 \
        net.ipv4.conf.inside.rp_filter=0 net.ipv4.conf.outside.rp_filter=0
}

policy_routes() {
    local family
    for family in -4 -6; do
        ip -n "$gateway" "$family" rule add fwmark "$mark" lookup "$table"
        ip -n "$gateway" "$family" route add local default dev lo table "$table"
    done
}

rules_tproxy() {
    ip netns exec "$gateway" nft -f - <<EOF
table inet cgnat_tproxy {
    set direct {
        type inet_service
        elements = { 22 }
    }

    chain prerouting {
        type filter hook prerouting priority mangle; policy accept;
        meta l4proto != tcp return
        socket transparent 1 meta mark set $mark accept
        ct direction reply return
        fib daddr type { local, broadcast, multicast } return
        tcp dport @direct return
        iifname "inside" goto proxy
        iifname "lo" meta mark $mark goto proxy
    }

    chain proxy {
        meta nfproto ipv4 meta l4proto tcp tproxy ip to 127.0.0.1:$tproxy_port meta mark set $mark accept
        meta nfproto ipv6 meta l4proto tcp tproxy ip6 to [::1]:$tproxy_port meta mark set $mark accept
    }

    chain output {
        type route hook output priority mangle; policy accept;
        meta l4proto != tcp return
        meta skuid $proxy_uid return
        ct direction reply return
        oifname != "outside" return
        tcp dport @direct return
        meta mark set $mark
    }
}
EOF
}

rules_redirect() {
    ip netns exec "$gateway" nft -f - <<EOF
table inet cgnat_redirect {
    set direct {
        type inet_service
        elements = { 22 }
    }

    chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        iifname != "inside" return
        fib daddr type { local, broadcast, multicast } return
        tcp dport @direct return
        meta l4proto tcp redirect to :$redirect_port
    }

    chain output {
        type nat hook output priority -100; policy accept;
        meta skuid $proxy_uid return
        oifname != "outside" return
        tcp dport @direct return
        meta l4proto tcp redirect to :$redirect_port
    }
}
EOF
}

# RFC 5382 REQ-4: the kernel would reset what nobody asked for.
rules_silence() {
    ip netns exec "$gateway" nft -f - <<EOF
table inet cgnat_silence {
    chain input {
        type filter hook input priority filter; policy accept;
        iifname "outside" ip daddr $pool tcp flags & (syn | ack) == syn ct state new drop
    }
}
EOF
}

up() {
    local wanted=$1 current
    current=$(mode)
    if [[ $current == "$wanted" ]]; then
        echo "up ($current) already"
        return
    fi
    down
    trap down EXIT # nothing half made stays
    topology
    if [[ $wanted == tproxy ]]; then
        policy_routes
    fi
    "rules_$wanted"
    rules_silence
    trap - EXIT
    echo "up ($wanted): ip netns exec $gateway java -jar nat-proxy/target/nat-proxy.jar run -c config/transparent/$wanted.yaml"
}

status() {
    local current
    current=$(mode)
    [[ -n $current ]] || die "down" 3
    echo "up ($current)"
    ip netns exec "$gateway" nft list table inet "cgnat_$current"
}

[[ $(id -u) == 0 ]] || die "namespaces and rules of the firewall need root"
for tool in ip nft sysctl; do
    command -v "$tool" >/dev/null || die "$tool is not installed (Debian: iproute2, nftables, procps)"
done

case "${1:-}" in
    up)
        [[ ${2:-tproxy} =~ ^(tproxy|redirect)$ ]] || die "$2: no such kind of gateway (expected: tproxy or redirect)" 2
        up "${2:-tproxy}"
        ;;
    down) down ;;
    status) status ;;
    *) die "usage: gateway.sh up [tproxy|redirect] | down | status" 2 ;;
esac
