"""The command `atk`."""

from __future__ import annotations

import signal
import sys

from ._native import command


def main() -> None:
    """Runs the command with the words of this process."""
    # The command catches Ctrl-C itself, and a second one is to end it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(command(["atk", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
