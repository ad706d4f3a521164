"""Launcher of the installed program and of ``python -m olketanu``.

The one module of this room that reaches up: importing ``olketanu`` puts the rooms on the path, the
command line does the rest.
"""

import olketanu  # noqa: F401  (puts the rooms on the path, so it comes before cli)


def main() -> None:
    """Run the command line; ends the process with the program's exit code."""
    from cli import main as command_line  # found only once olketanu has set the path

    command_line()


if __name__ == "__main__":
    main()
