"""What runs on the machines: etcd, Patroni and the PostgreSQL that Patroni starts.

docs/CLUSTER.md says why each setting is as it is.
"""

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request

import network

ETCD_CLIENTS, ETCD_PEERS, PATRONI, POSTGRES = 2379, 2380, 8008, 5432

# Seconds. A leader that cannot renew its lease for TTL_S is replaced, and steps down by itself before that.
TTL_S, LOOP_WAIT_S, RETRY_TIMEOUT_S = 20, 5, 5

PARAMETERS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": 100,
    "shared_buffers": "64MB",
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
    "tcp_user_timeout": "10s",
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
}

DYNAMIC = {
    "ttl": TTL_S,
    "loop_wait": LOOP_WAIT_S,
    "retry_timeout": RETRY_TIMEOUT_S,
    "postgresql": {
        "use_pg_rewind": True,
        "remove_data_directory_on_rewind_failure": True,
        "parameters": PARAMETERS,
    },
}

HBA = [
    "local all,replication all trust",
    "host all,replication all 127.0.0.1/32 trust",
    f"host all all {network.NETWORKS['cluster']}.0/24 trust",
    f"host all selene {network.NETWORKS['client']}.0/24 trust",
    f"host all selene_owner {network.NETWORKS['client']}.0/24 trust",
    f"host replication replicator {network.NETWORKS['cluster']}.0/24 trust",
]


class Unhealthy(Exception):
    """The cluster is not as it should be, and did not become so in time."""


class Servers:
    """etcd and Patroni on every machine."""

    def __init__(self, folder, patroni, postgres_programs, is_synchronous):
        self.folder = folder
        self.is_synchronous = is_synchronous
        self.patroni = patroni
        self.postgres_programs = postgres_programs

    def start(self, machine):
        """Starts a machine: the first time, or again after it was killed."""
        home = self.folder / f"machine{machine}"
        if not home.exists():
            home.mkdir()
            subprocess.run(["chown", "postgres:postgres", home], check=True)
        config = home / "patroni.json"
        config.write_text(json.dumps(self.patroni_config(machine, home)), encoding="utf-8")
        self.spawn(machine, home / "etcd.log", self.etcd_command(machine, home))
        self.spawn(machine, home / "patroni.log", [self.patroni, config])

    def spawn(self, machine, log, command):
        """Starts a program on a machine, as a user without rights."""
        inside = ["ip", "netns", "exec", network.namespace(machine)]
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        with open(log, "ab") as output:
            subprocess.Popen(
                [*inside, *user, *command],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def etcd_command(self, machine, home):
        """etcd speaks on the network of the servers only."""
        here = network.address(machine, "cluster")
        peers = (f"etcd{other}=http://{network.address(other, 'cluster')}:{ETCD_PEERS}" for other in network.MACHINES)
        settings = {
            "name": f"etcd{machine}",
            "data-dir": home / "etcd",
            "listen-peer-urls": f"http://{here}:{ETCD_PEERS}",
            "initial-advertise-peer-urls": f"http://{here}:{ETCD_PEERS}",
            "listen-client-urls": f"http://{here}:{ETCD_CLIENTS}",
            "advertise-client-urls": f"http://{here}:{ETCD_CLIENTS}",
            "initial-cluster": ",".join(peers),
            "initial-cluster-token": "selene",
            "heartbeat-interval": 200,
            "election-timeout": 2000,
            "logger": "zap",
            "log-level": "warn",
        }
        return ["etcd", *(f"--{name}={value}" for name, value in settings.items())]

    def patroni_config(self, machine, home):
        """The configuration of Patroni; PostgreSQL listens on both networks."""
        here, for_clients = (network.address(machine, name) for name in ("cluster", "client"))
        return {
            "scope": "selene",
            "name": f"machine{machine}",
            "restapi": {"listen": f"{here}:{PATRONI}", "connect_address": f"{here}:{PATRONI}"},
            "etcd3": {"hosts": [f"{network.address(other, 'cluster')}:{ETCD_CLIENTS}" for other in network.MACHINES]},
            "bootstrap": {
                "dcs": DYNAMIC | {"synchronous_mode": self.is_synchronous, "synchronous_mode_strict": self.is_synchronous},
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{here},{for_clients},127.0.0.1:{POSTGRES}",
                "connect_address": f"{here}:{POSTGRES}",
                "data_dir": str(home / "data"),
                "bin_dir": str(self.postgres_programs),
                "pgpass": str(home / "pgpass"),
                "use_unix_socket": True,
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                },
                "parameters": {"unix_socket_directories": str(home)},
                "pg_hba": HBA,
            },
            "watchdog": {"mode": "off"},
        }

    def wait_until_whole(self, patience_s):
        """Waits until all machines have their roles. Gives the roles."""
        standby = "sync_standby" if self.is_synchronous else "replica"
        wanted = sorted(("leader", standby, "replica"))
        give_up_at = time.monotonic() + patience_s
        while (found := agreed_roles()) is None or sorted(found.values()) != wanted:
            if time.monotonic() > give_up_at:
                raise Unhealthy(f"the cluster is not whole after {patience_s} s: {roles()}")
            time.sleep(1)
        return found

    def kill(self, machine):
        """Ends every program of a machine at once."""
        while pids := network.processes(network.namespace(machine)):
            network.send_signal(pids, signal.SIGKILL)
            time.sleep(0.05)

    def freeze(self, machine):
        """Stops every program of a machine; its system still takes connections."""
        network.send_signal(network.processes(network.namespace(machine)), signal.SIGSTOP)

    def thaw(self, machine):
        """Lets them go on."""
        network.send_signal(network.processes(network.namespace(machine)), signal.SIGCONT)


def call(machine, port, path, body=None, patience_s=2):
    """Asks a server on the network of the servers."""
    url = f"http://{network.address(machine, 'cluster')}:{port}{path}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=patience_s) as answer:
        return json.load(answer)


def seen_by(machine):
    """The newest timeline and the role of every machine that runs, as the Patroni of one machine has it; none where it is silent."""
    try:
        members = call(machine, PATRONI, "/cluster")["members"]
    except (OSError, ValueError, KeyError):
        return None
    running = [member for member in members if member.get("state") in ("running", "streaming")]
    timelines = {member.get("timeline", 0) for member in running}
    roles = {int(member["name"].removeprefix("machine")): member["role"] for member in running}
    return (max(timelines, default=0), len(timelines), sorted(roles.items()))


def roles():
    """The role of every machine that runs: leader, sync_standby or replica. One that was cut off has an older state; the newest counts."""
    seen = [seen for machine in network.MACHINES if (seen := seen_by(machine)) is not None]
    return dict(max(seen)[2]) if seen else {}


def agreed_roles():
    """The roles, where all machines say the same, on one timeline."""
    seen = [seen_by(machine) for machine in network.MACHINES]
    if seen[0] is None or any(other != seen[0] for other in seen):
        return None
    _, timelines, found = seen[0]
    return dict(found) if timelines == 1 else None


def machine_with(found, role):
    """The machine with a role."""
    return next(machine for machine, its_role in found.items() if its_role == role)


def etcd_leader():
    """The machine whose etcd leads."""
    for machine in network.MACHINES:
        try:
            status = call(machine, ETCD_CLIENTS, "/v3/maintenance/status", {})
        except (OSError, ValueError):
            continue
        if status.get("leader") == status["header"]["member_id"]:
            return machine
    return None


def make_etcd_leader(machine, patience_s=20):
    """Hands the leadership of etcd to a machine."""
    target = call(machine, ETCD_CLIENTS, "/v3/maintenance/status", {})["header"]["member_id"]
    give_up_at = time.monotonic() + patience_s
    while (leader := etcd_leader()) != machine:
        if time.monotonic() > give_up_at:
            raise Unhealthy(f"etcd on machine {machine} does not lead after {patience_s} s")
        try:
            call(leader, ETCD_CLIENTS, "/v3/maintenance/transfer-leadership", {"targetID": target}, patience_s=5)
        except (OSError, ValueError):
            # Whether it was done is looked at again.
            time.sleep(0.5)
