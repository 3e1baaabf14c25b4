#!/usr/bin/env python3
"""Three machines on one: etcd, Patroni and PostgreSQL, a load of real calls, and faults.

Counts what was acknowledged, lost, there twice, unknown, and how long nobody could write; docs/CLUSTER.md says what that means and has
the figures. Takes everything down again, also when it is interrupted.

Needs root, `apt-get install etcd-server postgresql iproute2 python3-venv`, cargo, and PyPI for Patroni.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# No compiled files beside the sources.
sys.dont_write_bytecode = True

import faults
import load
import network
import servers

FOLDER = Path(tempfile.gettempdir()) / "selene-cluster"
HERE = Path(__file__).resolve().parent

# Seconds of load before a fault, and behind it.
CALM_S = 5
# Seconds that a cluster may take to be whole.
WHOLE_S = 120
# Seconds that the whole run may take, building apart.
AT_MOST_S = 15 * 60


class Interrupted(Exception):
    """A signal, or the bound of the run."""


def say(text):
    """Says where the run is."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


def interrupt(which, _frame):
    """Ends the run by an exception, so that everything is taken down. Only the first signal counts."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(f"ended by {signal.Signals(which).name}")


def only_once():
    """Keeps a second run out, without leaving a file behind."""
    lock = socket.socket(socket.AF_UNIX)
    try:
        lock.bind("\0selene-cluster")
    except OSError:
        sys.exit("another run has not ended")
    return lock


def missing_programs():
    """What has to be installed."""
    needed = ("etcd", "ip", "setpriv", "cargo", "psql")
    return [program for program in needed if shutil.which(program) is None]


def newest_postgres():
    """The folder with the programs of the newest PostgreSQL."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        sys.exit("no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql")
    return max(found, key=lambda path: int(path.parent.name))


def install_patroni(folder):
    """Installs Patroni into a folder of the run; gives the program."""
    say("installing Patroni")
    # The user of the servers has to be able to run it, which a Python in somebody's home is not for.
    subprocess.run(["/usr/bin/python3", "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", HERE / "requirements.txt"], check=True)
    return folder / "bin" / "patroni"


def make_database(leader):
    """Makes the roles and the database, as docs/POSTGRES.md says."""
    statements = (
        "CREATE ROLE selene_owner LOGIN",
        "CREATE ROLE selene LOGIN",
        "CREATE DATABASE selene OWNER selene_owner ENCODING 'UTF8' TEMPLATE template0",
    )
    where = ["--host", network.address(leader, "cluster"), "--username", "postgres"]
    for statement in statements:
        subprocess.run(["psql", *where, "--quiet", "--no-psqlrc", "--command", statement], check=True)


def set_up(program, is_synchronous):
    """Sets the machines up; gives the servers and the load."""
    FOLDER.mkdir(mode=0o755)
    answers = FOLDER / "answers"
    answers.mkdir()
    patroni = install_patroni(FOLDER / "patroni")
    say("starting three machines")
    network.create()
    network.enter_hub()
    running = servers.Servers(FOLDER, patroni, newest_postgres(), is_synchronous)
    for machine in network.MACHINES:
        running.start(machine)
    roles = running.wait_until_whole(WHOLE_S)
    say(f"whole: {roles}")
    make_database(servers.machine_with(roles, "leader"))
    calls = load.Load(program, answers)
    calls.prepare()
    return running, calls


def go_through(fault, running, calls):
    """One fault under load. Gives the seconds that the cluster took to be whole behind it."""
    roles = running.wait_until_whole(WHOLE_S)
    say(f"{fault.name}: {fault.what}; {roles}")
    calls.start(fault.name)
    time.sleep(CALM_S)
    undo = fault.inject(running, roles)
    time.sleep(fault.lasts_s)
    say(f"{fault.name}: undone; {servers.roles()}")
    undo()
    began = time.monotonic()
    roles = running.wait_until_whole(WHOLE_S)
    whole_after_s = time.monotonic() - began
    time.sleep(CALM_S)
    calls.stop()
    say(f"{fault.name}: over; whole {whole_after_s:.0f} s later; {roles}")
    return whole_after_s


def take_down(logs):
    """Ends every program, and removes every namespace and folder of a run. Copies what was written down, where that is wanted."""
    for which in SIGNALS:
        signal.signal(which, signal.SIG_IGN)
    network.destroy()
    if logs is not None and FOLDER.exists():
        logs.mkdir(parents=True, exist_ok=True)
        for path in (*FOLDER.glob("answers/*"), *FOLDER.glob("machine*/*.log")):
            shutil.copyfile(path, logs / f"{path.parent.name}-{path.name}")
    shutil.rmtree(FOLDER, ignore_errors=True)


COLUMNS = ("acknowledged", "lost", "unknown", "unknown_there", "unknown_absent", "refused", "refused_there", "failed")
TITLES = ("acknowledged", "lost", "unknown", "there", "absent", "refused", "refused, there", "failed")


def table(chosen, report):
    """The figures as a table in Markdown."""
    titles = ("fault", *TITLES, "seconds without writes")
    lines = [" | ".join(titles), " | ".join(["---"] + ["---:"] * (len(titles) - 1))]
    for fault, journal in zip(chosen, report["journals"], strict=True):
        figures = [f"{journal[column]:,}" for column in COLUMNS]
        lines.append(" | ".join([fault.what, *figures, f"{journal['silence_ms'] / 1000:.1f}"]))
    return "\n".join(f"| {line} |" for line in lines)


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [fault.name for fault in faults.ALL]
    parser.add_argument("--only", action="append", choices=names, help="run this fault; may be given again")
    parser.add_argument(
        "--asynchronous", action="store_true", help="commits wait for no standby, to see that the check finds what is lost then"
    )
    parser.add_argument("--logs", type=Path, help="copy logs and journals into this folder")
    parser.add_argument("--json", type=Path, help="write the report of the check into this file")
    parser.add_argument("--down", action="store_true", help="only take down what a killed run left")
    return parser.parse_args()


def run(chosen, program, is_synchronous):
    """Sets up, goes through the faults, and checks. Gives the report."""
    running, calls = set_up(program, is_synchronous)
    for fault in chosen:
        go_through(fault, running, calls)
    say("making every call again")
    return calls.check()


def main():
    """Gives the exit code: 0 where all is as promised."""
    wanted = arguments()
    if os.geteuid() != 0:
        sys.exit("needs root")
    if missing := missing_programs():
        sys.exit(f"not installed: {', '.join(missing)}")
    _lock = only_once()
    chosen = [fault for fault in faults.ALL if wanted.only is None or fault.name in wanted.only]
    if wanted.asynchronous and any(fault.needs_synchronous for fault in chosen):
        sys.exit("without a synchronous standby only faults of the leader can be tried: choose them with --only")
    if wanted.down:
        take_down(None)
        return 0
    # What a killed run left.
    network.destroy()
    shutil.rmtree(FOLDER, ignore_errors=True)
    program = load.build()
    for which in SIGNALS:
        signal.signal(which, interrupt)
    signal.alarm(AT_MOST_S)
    try:
        report = run(chosen, program, not wanted.asynchronous)
    except Interrupted as interrupted:
        say(str(interrupted))
        return 1
    finally:
        take_down(wanted.logs)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(table(chosen, report))
    print(json.dumps({key: value for key, value in report.items() if key != "journals"}, indent=1))
    return 0 if report["is_as_promised"] else 1


if __name__ == "__main__":
    sys.exit(main())
