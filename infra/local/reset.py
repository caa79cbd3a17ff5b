"""`python -m infra.local.reset` forgets the data folder, unless a stack runs on it."""

import fcntl
import shutil
import sys

from infra.local.settings import from_environment


def main() -> int:
    """Remove the data folder; the exit code."""
    home = from_environment().home
    if not home.exists():
        print(f"There is no data in {home}")
        return 0
    lock_file = home / "lock"
    if not lock_file.exists():
        print(f"jifen: {home} is no data folder of the local stack", file=sys.stderr)
        return 1
    with lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"jifen: a stack runs on {home}; stop it first", file=sys.stderr)
            return 1
        shutil.rmtree(home)
    print(f"Forgot {home}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
