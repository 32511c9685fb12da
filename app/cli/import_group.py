"""``aidledger import``: a file of pledges and requests, or by name what a parliament reports."""

import click

from app.cli.importing import import_file
from app.parliaments.cli import import_legislation

FILE = "file"


class FileUnlessNamed(click.Group):
    """Whatever is not the name of a command is given to the one that imports files.

    So ``import facts/`` stays what it always was. A file that is called as a command is written ``./legislation``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the command where nobody did."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [FILE, *args]
        return super().parse_args(ctx, args)


@click.group("import", cls=FileUnlessNamed)
def import_group() -> None:
    """Record what files hold: `import FILE` is short for `import file FILE`."""


import_group.add_command(import_file, FILE)
import_group.add_command(import_legislation)
