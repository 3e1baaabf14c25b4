"""The faults: what is done to the machines, for how long, and how it is undone."""

from dataclasses import dataclass
from typing import Callable

import network
import servers

# Seconds; longer than the lease.
CUT_S = 40
DOWN_S = 30
BOTH = ("cluster", "client")


@dataclass(frozen=True)
class Fault:
    """A fault. `inject` gets the servers and the roles, and gives what undoes it."""

    name: str
    what: str
    lasts_s: int
    inject: Callable
    # Whether it is done to, or beside, a standby that commits wait for.
    needs_synchronous: bool = False


def kill_leader(running, roles):
    """Everything on the leader's machine is killed at once."""
    return kill(running, servers.machine_with(roles, "leader"))


def kill_standby(running, roles):
    """The same with the standby that commits wait for."""
    return kill(running, servers.machine_with(roles, "sync_standby"))


def kill(running, machine):
    """Kills all programs of a machine."""
    running.kill(machine)
    return lambda: running.start(machine)


def cut_leader_from_servers(_running, roles):
    """The leader loses the others; clients still reach it."""
    return cut(servers.machine_with(roles, "leader"), ("cluster",))


def cut_leader_from_all(_running, roles):
    """The leader loses the others and the clients; etcd's leader is on the same machine."""
    leader = servers.machine_with(roles, "leader")
    servers.make_etcd_leader(leader)
    return cut(leader, BOTH)


def cut_etcd_leader(_running, roles):
    """etcd's leader is on the machine that no commit waits for, and that one is cut off."""
    machine = servers.machine_with(roles, "replica")
    servers.make_etcd_leader(machine)
    return cut(machine, BOTH)


def cut(machine, networks):
    """Pulls cables of a machine."""
    for name in networks:
        network.cut(machine, name)

    def heal():
        for name in networks:
            network.heal(machine, name)

    return heal


def freeze_leader(running, roles):
    """Every program of the leader's machine stands still; its system still takes connections."""
    leader = servers.machine_with(roles, "leader")
    running.freeze(leader)
    return lambda: running.thaw(leader)


ALL = (
    Fault("leader-killed", "leader's machine killed, started again", DOWN_S, kill_leader),
    Fault("leader-cut-from-servers", "leader cut off from the servers, not from the clients", CUT_S, cut_leader_from_servers),
    Fault("leader-cut-from-all", "leader, with etcd's leader, cut off from everybody", CUT_S, cut_leader_from_all),
    Fault("leader-frozen", "leader's programs stopped, and continued", CUT_S, freeze_leader),
    Fault("standby-killed", "synchronous standby's machine killed, started again", DOWN_S, kill_standby, True),
    Fault("etcd-leader-cut", "etcd's leader cut off, on the other standby", DOWN_S, cut_etcd_leader, True),
)
