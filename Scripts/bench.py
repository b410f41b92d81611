#!/usr/bin/env python3
"""Measures xm-safe against sqlite3, gzip and pigz on a database like XManager's, and prints the table of the README.

usage: bench.py XM_SAFE DIRECTORY [MEGABYTES] [LARGE_MEGABYTES]

All in one run, medians of five by wall clock; ratios are what counts, since machines differ.
"""
import concurrent.futures, os, random, shutil, sqlite3, statistics, subprocess, sys, time, zlib

import bench_revisions

WORDS = "cifar resnet sweep ablation seed baseline transformer imagenet finetune eval large small tpu gpu".split()
SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('f45829405692');
CREATE TABLE experiment (experiment_id BIGINT NOT NULL, experiment_title VARCHAR(255), PRIMARY KEY (experiment_id));
CREATE TABLE work_unit (experiment_id BIGINT NOT NULL, work_unit_id INTEGER NOT NULL, PRIMARY KEY (experiment_id, work_unit_id));
CREATE TABLE job (experiment_id BIGINT NOT NULL, work_unit_id INTEGER NOT NULL, job_name VARCHAR(255) NOT NULL, job_data VARCHAR(255),
  PRIMARY KEY (experiment_id, work_unit_id, job_name));
"""


def jobs(rng, experiment, unit):
    """One work unit's job, as XManager's backends write it."""
    kind = rng.random()
    if kind < 0.5:
        name = f"experiment_{experiment}_{unit}"
        return name, f'kubernetes {{\n  namespace: "default"\n  job_name: "experiment-{experiment}-{unit}-{rng.getrandbits(32):08x}"\n}}\n'
    if kind < 0.9:
        name = f"projects/{rng.getrandbits(36)}/locations/us-central1/customJobs/{rng.getrandbits(62)}"
        return name, f'caip {{\n  resource_name: "{name}"\n}}\n'
    command = f"python3 -m trainer --lr={rng.random():.6f} --out=/data/{rng.getrandbits(128):032x}"
    return f"local_{unit}", f'local {{\n  pid: "{rng.randint(100, 60000)}"\n  cmd: "{command}"\n}}\n'


def make(path, megabytes):
    """A database of the size, the same for the same size."""
    if os.path.exists(path):
        return
    rng, experiment = random.Random(7), 1660000000000
    db = sqlite3.connect(path + ".new", isolation_level=None)
    db.execute("PRAGMA journal_mode=OFF")
    db.execute("PRAGMA synchronous=OFF")
    db.executescript(SCHEMA)
    while os.path.getsize(path + ".new") < megabytes << 20:
        db.execute("BEGIN")
        for _ in range(100):
            experiment += rng.randint(1000, 9000000)
            db.execute("INSERT INTO experiment VALUES (?, ?)", (experiment, " ".join(rng.choices(WORDS, k=4))))
            units = range(1, rng.randint(2, 40))
            db.executemany("INSERT INTO work_unit VALUES (?, ?)", [(experiment, unit) for unit in units])
            db.executemany("INSERT INTO job VALUES (?, ?, ?, ?)", [(experiment, unit, *jobs(rng, experiment, unit)) for unit in units])
        db.execute("COMMIT")
    db.close()
    os.rename(path + ".new", path)


def run(*command):
    """Seconds by the wall clock, and the peak memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{errors.decode()}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def zlib_from_memory(path):
    """Seconds that zlib's level 1 takes for a file's bytes from memory on all cores, 1 MiB at a time."""
    with open(path, "rb") as file:
        content = memoryview(file.read())
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda at: len(zlib.compress(content[at:at + (1 << 20)], 1)), range(0, len(content), 1 << 20)))
    return time.monotonic() - start


LEGACY = """
CREATE TABLE VersionHistory (Version INTEGER, Timestamp TIMESTAMP, PRIMARY KEY(Version));
CREATE TABLE Experiment (Id INTEGER, Title TEXT, PRIMARY KEY(Id));
CREATE TABLE WorkUnit (ExperimentId INTEGER, WorkUnitId INTEGER, PRIMARY KEY(ExperimentId, WorkUnitId));
CREATE TABLE Job (ExperimentId INTEGER, WorkUnitId INTEGER, Name TEXT, Data TEXT, PRIMARY KEY(ExperimentId, WorkUnitId, Name));
INSERT INTO VersionHistory VALUES (1, 0);
"""


def guarded(xm_safe, cache):
    """Seconds that XManager's migration takes with plain alembic, with the helper alone, and with all of an upgrade; medians of nine."""
    python, scripts = cache + "/oracle/bin/python", cache + "/xmanager/xmanager/xm_local/storage/alembic"
    plain = (
        "import sys; from alembic import command; from alembic.config import Config; c = Config();"
        "c.set_main_option('script_location', sys.argv[1]); c.set_main_option('sqlalchemy.url', 'sqlite:///xm.sqlite3');"
        "command.upgrade(c, 'head')"
    )
    seconds = {"plain": [], "plan": [], "upgrade": []}
    for _ in range(9):
        for name, command in (
            ("plan", (xm_safe, "plan", "-q", "--db", "xm.sqlite3", "--scripts", scripts, "--engine", "alembic", "--python", python)),
            ("plain", (python, "-c", plain, scripts)),
            ("upgrade", (xm_safe, "upgrade", "-q", "--db", "xm.sqlite3", "--scripts", scripts, "--engine", "alembic", "--python", python)),
        ):
            remove("xm.sqlite3", "Backups")
            with sqlite3.connect("xm.sqlite3") as db:
                db.executescript(LEGACY)
            db.close()
            seconds[name].append(run(*command)[0])
    return {name: statistics.median(values) for name, values in seconds.items()}


def remove(*paths):
    for path in paths:
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)


def main():
    scripts = os.path.dirname(os.path.abspath(__file__))
    xm_safe, directory = os.path.abspath(sys.argv[1]), sys.argv[2]
    megabytes = int(sys.argv[3]) if len(sys.argv) > 3 else 512
    large = int(sys.argv[4]) if len(sys.argv) > 4 else 2048
    cache = os.path.abspath(".cache")
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    for name, size in ("db.sqlite3", megabytes), ("small.sqlite3", 32), ("large.sqlite3", large):
        make(name, size)
    # What a restore replaces is not what it puts there.
    shutil.copy("db.sqlite3", "old.sqlite3")
    run("sqlite3", "old.sqlite3", "UPDATE job SET job_data = upper(job_data)")
    run("cc", "-O2", "-pthread", "-o", "deflate", os.path.join(scripts, "deflate-from-memory.c"), "-lisal")
    seconds = {}

    def measure(name, *command):
        value = run(*command)[0]
        seconds.setdefault(name, []).append(value)

    for _ in range(5):
        remove("t", "t.gz", "f", "Backups", "live.sqlite3", "other.sqlite3")
        measure("backup", "sqlite3", "db.sqlite3", ".backup t")
        measure("pigz", "pigz", "-1", "-k", "-f", "t")
        measure("gzip", "gzip", "-1", "-k", "-f", "t")
        gzip_size = os.path.getsize("t.gz")
        measure("snapshot", xm_safe, "snapshot", "-q", "--db", "db.sqlite3", "--store", "Backups")
        archive = "Backups/" + [name for name in os.listdir("Backups") if name.endswith(".gz")][0]
        size = os.path.getsize(archive)
        measure("gzip -t", "gzip", "-t", "t.gz")
        measure("verify", xm_safe, "verify", archive, "-q", "--db", "db.sqlite3", "--store", "Backups")
        shutil.copy("old.sqlite3", "live.sqlite3")
        shutil.copy("old.sqlite3", "other.sqlite3")
        os.sync()
        measure("gunzip", "sh", "-c", f"gunzip -c {archive} > f")
        measure(".restore", "sqlite3", "other.sqlite3", ".restore f")
        measure("restore", xm_safe, "restore", archive, "--to", "live.sqlite3", "--force", "-q", "--db", "db.sqlite3", "--store", "Kept")
        remove("Kept")
        seconds.setdefault("deflate", []).append(float(subprocess.run(["./deflate", "db.sqlite3"], stdout=subprocess.PIPE, check=True).stdout))
        # In a process of its own: what this one holds would count as the memory of all that it starts.
        seconds.setdefault("zlib", []).append(float(subprocess.run([sys.executable, os.path.join(scripts, "bench.py"), "--zlib", "db.sqlite3"], stdout=subprocess.PIPE, check=True).stdout))
    median = {name: statistics.median(values) for name, values in seconds.items()}

    memory = {}
    for name in "small.sqlite3", "large.sqlite3":
        remove("Backups")
        memory["snapshot", name] = run(xm_safe, "snapshot", "-q", "--db", name, "--store", "Backups")[1]
        memory["restore", name] = run(xm_safe, "restore", "latest", "-q", "--db", name, "--store", "Backups")[1]

    remove("Backups", "Many")
    run("sqlite3", "tiny.sqlite3", "CREATE TABLE IF NOT EXISTS t (a)")
    run(xm_safe, "snapshot", "-q", "--db", "tiny.sqlite3", "--store", "Many")
    first = [name for name in os.listdir("Many") if name.endswith(".gz")][0]
    for number in range(1, 10000):
        shutil.copy("Many/" + first, f"Many/{number:05}-{first}")
    alembic = guarded(xm_safe, cache)
    listing = statistics.median(run(xm_safe, "list", "--db", "tiny.sqlite3", "--store", "Many")[0] for _ in range(5))

    rows = [
        ("`snapshot`", "`sqlite3 .backup` then `gzip -1`", median["snapshot"] / (median["backup"] + median["gzip"]), "0.40 x", median["snapshot"]),
        ("`snapshot`", "`sqlite3 .backup` then `pigz -1`", median["snapshot"] / (median["backup"] + median["pigz"]), "0.60 x", median["snapshot"]),
        ("throughput of the whole `snapshot`", "only deflating, zlib level 1, from memory on all cores", median["zlib"] / median["snapshot"], "at least 0.90 x", None),
        ("throughput of the whole `snapshot`", "only deflating, its own ISA-L calls, from memory on all cores", median["deflate"] / median["snapshot"], "", None),
        ("archive size", "`gzip -1` of the same image", size / gzip_size, "1.01 x", None),
        ("`restore`, with the snapshot before it", "`gunzip` to a file then `sqlite3 .restore`", median["restore"] / (median["gunzip"] + median[".restore"]), "0.70 x", median["restore"]),
        ("`verify`", "`gzip -t`", median["verify"] / median["gzip -t"], "0.60 x", median["verify"]),
    ]
    print(f"| what | against | measured | wanted at most | seconds |\n|---|---|---|---|---|")
    for what, against, ratio, wanted, took in rows:
        print(f"| {what} | {against} | {ratio:.2f} x | {wanted} | {'' if took is None else f'{took:.2f}'} |")
    for verb in "snapshot", "restore":
        small, big = memory[verb, "small.sqlite3"], memory[verb, "large.sqlite3"]
        print(f"| peak memory of `{verb}` | databases of 32 and {large} MB | {small:.0f} and {big:.0f} MiB | 64 MiB | |")
    print(f"| `list` | 10,000 snapshots | {listing:.2f} s | 0.3 s | {listing:.2f} |")
    for verb in "plan", "upgrade":
        more = (alembic[verb] - alembic["plain"]) * 1000
        print(f"| `{verb} --engine alembic`, XManager's migration | plain alembic, {alembic['plain']:.2f} s | {more:+.0f} ms | 100 ms | {alembic[verb]:.2f} |")
    print("\n".join(bench_revisions.chains(xm_safe) + bench_revisions.rows(xm_safe)))
    print(f"\nMedians of five; a database of {megabytes} MB; {os.cpu_count()} cores.", end=" ")
    print("Seconds of the others: " + ", ".join(f"{name} {median[name]:.2f}" for name in ("backup", "gzip", "pigz", "gzip -t", "gunzip", ".restore", "zlib", "deflate")) + ".")


if __name__ == "__main__":
    if sys.argv[1] == "--zlib":
        print(zlib_from_memory(sys.argv[2]))
    else:
        main()
