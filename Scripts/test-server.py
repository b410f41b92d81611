"""A private PostgreSQL or MariaDB server for the tests, in a temporary folder, on the loopback and a socket.

    python3 Scripts/test-server.py postgresql|mariadb

Prints one line of JSON when the server can be used. Takes `stop`, `start`, `restart` and `crash` (kill -9, and start again) on
standard input, one a line, and answers `ok`. Ends, and takes the server and the folder along, when its standard input ends: that
is when the test run ends, however it ends.
"""

import ctypes
import glob
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SUPERUSER = "xm_test_admin"


def unprivileged(user):
    """The account that the server runs under: neither server runs as root."""
    return pwd.getpwnam(user) if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def dropping(account):
    """What a child does before it runs: become the account, and end with this process, whatever ends it."""

    def drop():
        os.setpgid(0, 0)
        if os.getuid() == 0:
            os.initgroups(account.pw_name, account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        # 1 is PR_SET_PDEATHSIG; a change of user clears it, so it comes after that.
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)

    return drop


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self):
        self.account = unprivileged(self.user)
        self.folder = tempfile.mkdtemp(prefix="xm-safe-server-")
        self.port = free_port()
        self.password = secrets.token_hex(12)
        self.process = None
        self.has_crashed = False
        # What the servers write goes through no pipe: nobody reads it unless a start fails.
        self.log = open(self.folder + "/log", "ab")
        os.chmod(self.folder, 0o755)
        os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)

    def run(self, *arguments, **options):
        done = subprocess.run(arguments, preexec_fn=dropping(self.account), stdin=subprocess.DEVNULL,
                              stdout=self.log, stderr=self.log, cwd=self.folder, **options)
        return done.returncode

    def must(self, *arguments, **options):
        if self.run(*arguments, **options) != 0:
            raise SystemExit(f"{arguments[0]} failed:\n" + open(self.folder + "/log").read())

    def start(self):
        self.is_told = False
        self.process = subprocess.Popen(self.command, preexec_fn=dropping(self.account),
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=self.folder)
        deadline = time.monotonic() + 120
        while not self.answers():
            ended = self.process.poll() is not None
            if ended and self.has_crashed and time.monotonic() < deadline:
                # Processes of the server that was killed may not have noticed yet, and hold its memory.
                time.sleep(0.05)
                return self.start()
            if ended or time.monotonic() > deadline:
                raise SystemExit("the server did not start:\n" + open(self.folder + "/log").read())
            time.sleep(0.02)
        self.has_crashed = False
        threading.Thread(target=self.watch, args=(self.process,), daemon=True).start()

    def watch(self, process):
        """Says why, if it ends without being told to: the tests that use it can only say that it is gone."""
        process.wait()
        if process is self.process and not self.is_told:
            text = open(self.folder + "/log", errors="replace").read()
            print(f"{self.command[0]} has ended by itself ({process.returncode}):\n{text[-20000:]}", file=sys.stderr, flush=True)

    def stop(self, how):
        if self.process is None:
            return
        self.is_told = True
        self.process.send_signal(how)
        self.process.wait()
        self.process = None

    def kill(self):
        if self.process is not None:
            self.is_told = True
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.has_crashed = True

    def describe(self):
        return dict(port=self.port, socket=self.socket, folder=self.folder, user=SUPERUSER, password=self.password)


class PostgreSQL(Server):
    user = "postgres"
    fast = signal.SIGINT

    def __init__(self):
        super().__init__()
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
        if not programs:
            raise SystemExit("there is no PostgreSQL server here: make setup installs it")
        self.bin = os.path.dirname(programs[-1])
        self.socket = self.folder
        secret = self.folder + "/password"
        with open(secret, "w") as file:
            file.write(self.password)
        os.chown(secret, self.account.pw_uid, self.account.pw_gid)
        self.must(self.bin + "/initdb", "-D", self.folder + "/data", "-U", SUPERUSER, "--pwfile", secret,
                  "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.command = [self.bin + "/postgres", "-D", self.folder + "/data", "-p", str(self.port),
                        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + self.folder,
                        "-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB"]

    def answers(self):
        return self.run(self.bin + "/pg_isready", "-h", self.folder, "-p", str(self.port)) == 0


class MariaDB(Server):
    user = "mysql"
    fast = signal.SIGTERM

    def __init__(self):
        super().__init__()
        self.socket = self.folder + "/socket"
        self.must("mariadb-install-db", "--no-defaults", "--datadir=" + self.folder + "/data",
                  "--auth-root-authentication-method=normal", "--skip-test-db")
        start = self.folder + "/start.sql"
        with open(start, "w") as file:
            file.write(f"CREATE USER IF NOT EXISTS {SUPERUSER}@'%' IDENTIFIED BY '{self.password}';\n"
                       f"GRANT ALL ON *.* TO {SUPERUSER}@'%' WITH GRANT OPTION;\n"
                       "DROP USER IF EXISTS root@localhost, ''@localhost;\n")
        os.chown(start, self.account.pw_uid, self.account.pw_gid)
        temporary = self.folder + "/tmp"
        os.mkdir(temporary)
        os.chown(temporary, self.account.pw_uid, self.account.pw_gid)
        self.command = ["mariadbd", "--no-defaults", "--datadir=" + self.folder + "/data", "--port=" + str(self.port),
                        "--bind-address=127.0.0.1", "--socket=" + self.socket, "--init-file=" + start,
                        "--pid-file=" + self.folder + "/pid",
                        # A server that starts removes all temporary tables in this directory, whosever they are.
                        "--tmpdir=" + temporary, "--innodb-flush-log-at-trx-commit=2",
                        "--skip-name-resolve", "--event-scheduler=ON", "--innodb-buffer-pool-size=32M"]

    def answers(self):
        secret = self.folder + "/client.cnf"
        if not os.path.exists(secret):
            with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(f"[client]\nuser={SUPERUSER}\npassword={self.password}\nsocket={self.socket}\n")
            os.chown(secret, self.account.pw_uid, self.account.pw_gid)
        return self.run("mariadb", "--defaults-file=" + secret, "-e", "SELECT 1") == 0


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A Ctrl-C is for the test run, whose end ends this as well.
        signal.signal(number, signal.SIG_IGN)
    server = {"postgresql": PostgreSQL, "mariadb": MariaDB}[sys.argv[1]]()
    try:
        server.start()
        print(json.dumps(server.describe()), flush=True)
        for line in sys.stdin:
            command = line.strip()
            if command in ("stop", "restart"):
                server.stop(server.fast)
            if command == "crash":
                server.kill()
            if command in ("start", "restart", "crash"):
                server.start()
            print("ok", flush=True)
    finally:
        server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


main()
