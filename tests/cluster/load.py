"""The load: the example `load` of storage/postgres, which makes real calls through `PostgresStore`."""

import json
import subprocess
from pathlib import Path

import network
import servers

WORKSPACE = Path(__file__).resolve().parents[2]

# Numbers of calls that one run has for itself.
NUMBERS = 1_000_000


class Failed(Exception):
    """The load did not do what it has to."""


def build():
    """Builds the program; gives its path."""
    command = ["cargo", "build", "--package", "selene-storage-postgres", "--example", "load", "--message-format", "json"]
    built = subprocess.run(command, cwd=WORKSPACE, check=True, stdout=subprocess.PIPE, text=True)
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "load":
            return message["executable"]
    raise Failed("cargo names no program")


class Load:
    """Calls from the network of the clients, and the folder outside of the servers where answers and heads are kept."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.runs = 0
        self.process = None

    @staticmethod
    def store(role):
        """The address of the store: all machines, of which the one that takes writes is looked for."""
        hosts = ",".join(network.address(machine, "client") for machine in network.MACHINES)
        at = f"host={hosts} port={servers.POSTGRES} dbname=selene user={role}"
        return f"{at} target_session_attrs=read-write sslmode=disable"

    def prepare(self):
        """Makes the tables."""
        subprocess.run([self.program, "prepare", self.store("selene_owner"), self.store("selene")], check=True)

    def start(self, name):
        """Begins a run."""
        self.runs += 1
        # In front of the name, so that journals are listed in the order of the runs.
        arguments = [f"{self.runs}-{name}", str(self.runs * NUMBERS)]
        command = [self.program, "run", self.store("selene"), str(self.folder), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)

    def stop(self, patience_s=90):
        """Ends a run: calls that are under way are waited for."""
        self.process.stdin.close()
        if self.process.wait(timeout=patience_s) != 0:
            raise Failed("the load ended with an error")

    def check(self, patience_s=240):
        """Makes all calls again; gives the report."""
        command = [self.program, "check", self.store("selene"), str(self.folder)]
        found = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=patience_s, check=False)
        if not found.stdout.strip():
            raise Failed("the check gave no report")
        return json.loads(found.stdout)
