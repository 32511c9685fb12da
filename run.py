"""Sets Aid Ledger up on a fresh machine and runs it: `python3 run.py demo`, `python3 run.py test`.

Standard library only, because it runs before anything is installed. It makes a virtual environment
in .venv, installs exactly what requirements.lock pins (checked by hash), and hands over to the real
command.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python would stumble over
    sys.exit("Aid Ledger needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "aidledger-installed"
# Two processes halve the time on two cores; a later -n in the arguments wins. Each takes half of the tests in their
# order, so that what a file shares is made once, and whoever is done first takes over from the other.
SPREAD = ("-n", "2", "--dist", "worksteal")

USAGE = """\
usage: python3 run.py demo [--no-browser] [--port N] [--host ADDRESS]
       python3 run.py test [pytest arguments]

demo    installs, loads the demo facts into an embedded ledger, serves it and opens the address
test    installs and runs the tests, without the slow ones (`run.py test -m slow` runs those)
install installs and stops there"""


def main(arguments: list[str]) -> int:
    """Runs one command; returns its exit code, or does not return because it became the command."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command not in {"demo", "test", "install"}:
        asked_for_help = command in {"help", "-h", "--help"}
        print(USAGE, file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else 2
    install()
    if command == "demo":
        become([str(PYTHON.with_name("aidledger")), "demo", *rest])
    if command == "test":
        # Processes that the tests start read byte code; to compile all of it takes as long as many a test.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        become([str(PYTHON), "-m", "pytest", *SPREAD, *test_selection(rest), *rest])
    return 0


def test_selection(arguments: list[str]) -> list[str]:
    """Leaves the slow tests out, unless the caller chooses by mark."""
    chosen = any(argument.startswith("-m") for argument in arguments)
    return [] if chosen else ["-m", "not slow"]


def install() -> None:
    """Brings .venv in step with the lock; does nothing when the stamp says that it is."""
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    uv = shutil.which("uv")
    if not usable(uv):
        make_environment(uv)
    pip = [uv, "pip"] if uv else [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    target = ["--quiet", *(["--python", str(PYTHON)] if uv else [])]
    say("installing the pinned packages")
    step([*pip, "install", *target, "--require-hashes", "-r", str(LOCK)])
    say("installing Aid Ledger")
    # Without build isolation the build tool is the pinned one, and nothing is fetched unchecked.
    step([*pip, "install", *target, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    STAMP.write_text(wanted, encoding="utf-8")


def usable(uv: str | None) -> bool:
    """Whether .venv runs: it may be half made, of a Python that is gone, or (by uv) without pip."""
    if not PYTHON.exists():
        return False
    check = f"import sys{'' if uv else ', pip'}; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0


def make_environment(uv: str | None) -> None:
    """Makes an empty .venv with the Python that runs this file."""
    say("making .venv")
    if uv:
        step([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
        return
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        sys.exit(
            "This Python cannot make virtual environments: install python3-venv "
            "(on Debian or Ubuntu: apt-get install python3-venv) or uv, then run this again."
        )
    step([sys.executable, "-m", "venv", "--clear", str(VENV)])


def fingerprint() -> str:
    """What the installation depends on: the lock, the project file, and where the checkout is."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def step(command: list[str]) -> None:
    """Runs one step of the installation, and ends with a one-line hint where it fails."""
    code = subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr).returncode
    if code != 0:
        sys.exit(
            "Installing failed (the lines above say why): check the network and the package index "
            "configuration, then run the same command again."
        )


def become(command: list[str]) -> NoReturn:
    """Hands this process over to the command: signals and exit codes are the command's own."""
    os.chdir(ROOT)
    if os.name == "nt":  # exec on Windows would return to the shell at once
        sys.exit(subprocess.run(command, check=False).returncode)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


def say(line: str) -> None:
    """Tells what takes time, on standard error, so that standard output stays the command's."""
    print(f"run.py: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
