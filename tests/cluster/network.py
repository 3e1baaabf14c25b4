"""Machines as network namespaces, on two networks whose cables can be pulled.

The hub is a namespace of its own, so that nothing of the host's network is changed. It has a bridge for each network, and is itself on
both: from there the clients call, and this program looks on.
"""

import ctypes
import os
import signal
import subprocess
import time

HUB = "selene-hub"
MACHINES = (1, 2, 3)

# Addresses that are reserved for tests of networks (RFC 2544). Servers speak to each other on the first, with clients on the second.
NETWORKS = {"cluster": "198.18.1", "client": "198.18.2"}
HUB_HOST = 254

CLONE_NEWNET = 0x40000000


def namespace(machine):
    """The namespace of a machine."""
    return f"selene-{machine}"


def address(machine, network):
    """The address of a machine on a network."""
    return f"{NETWORKS[network]}.{machine}"


def ip(*words):
    """Runs `ip`."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def create():
    """Makes the hub, the machines and both networks."""
    for name in (HUB, *map(namespace, MACHINES)):
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
    for number, (network, prefix) in enumerate(NETWORKS.items(), start=1):
        # With an address of its own, so that it keeps it when a cable is pulled.
        hub_mac = f"02:00:00:00:0{number}:fe"
        ip("-n", HUB, "link", "add", network, "address", hub_mac, "type", "bridge")
        ip("-n", HUB, "address", "add", f"{prefix}.{HUB_HOST}/24", "dev", network)
        ip("-n", HUB, "link", "set", network, "up")
        for machine in MACHINES:
            plug_in(machine, network)


def plug_in(machine, network):
    """Gives a machine a cable to a network."""
    port, inside = f"{network}{machine}", namespace(machine)
    ip("-n", HUB, "link", "add", port, "type", "veth", "peer", "name", network, "netns", inside)
    ip("-n", inside, "address", "add", f"{address(machine, network)}/24", "dev", network)
    ip("-n", inside, "link", "set", network, "up")
    ip("-n", HUB, "link", "set", port, "up")
    heal(machine, network)


def cut(machine, network):
    """Pulls a cable out of the bridge. No end notices: what is sent gets lost."""
    ip("-n", HUB, "link", "set", f"{network}{machine}", "nomaster")


def heal(machine, network):
    """Puts a cable into the bridge."""
    ip("-n", HUB, "link", "set", f"{network}{machine}", "master", network)


def enter_hub():
    """Takes this process, and what it starts, onto the hub."""
    with open(f"/run/netns/{HUB}", encoding="ascii") as hub:
        if ctypes.CDLL(None, use_errno=True).setns(hub.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "cannot enter the namespace of the hub")


def processes(name):
    """The processes in a namespace, but for this one."""
    listed = subprocess.run(["ip", "netns", "pids", name], check=False, capture_output=True, text=True)
    return [pid for pid in map(int, listed.stdout.split()) if pid != os.getpid()]


def send_signal(pids, which):
    """Sends a signal to processes that may be gone meanwhile."""
    for pid in pids:
        try:
            os.kill(pid, which)
        except ProcessLookupError:
            pass


def destroy(patience_s=20):
    """Ends what runs in the namespaces, and removes them, as many as there are."""
    present = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout
    there = {line.split()[0] for line in present.splitlines() if line.strip()}
    for name in (*map(namespace, MACHINES), HUB):
        if name not in there:
            continue
        give_up_at = time.monotonic() + patience_s
        while (pids := processes(name)) and time.monotonic() < give_up_at:
            send_signal(pids, signal.SIGKILL)
            time.sleep(0.1)
        ip("netns", "delete", name)
