"""The command tree: which module owns which command. Modules load when their command is named."""

from commands.lazy import LazyGroup
from olketanu.messages.translate import translate

COMMANDS = {
    "init": "commands.library:init",
    "doctor": "commands.library:doctor",
    "run": "commands.run:run",
    "watch": "commands.watch:watch",
    "batch": "commands.batch:batch",
    "document": "commands.document:document",
    "record": "commands.record.group:record",
    "link": "commands.link:link",
    "undo": "commands.undo:undo",
    "list": "commands.lists:lists",
    "search": "commands.search.command:search",
    "serve": "commands.serve:serve",
    "desk": "commands.desk:desk",
    "follow": "commands.follow:follow",
    "index": "commands.index:index",
    "report": "commands.report:report",
    "quality": "commands.quality:quality",
    "backup": "commands.backup:backup",
    "restore": "commands.restore:restore",
    "verify": "commands.verify:verify",
}


root = LazyGroup(
    "olketanu",
    COMMANDS,
    help=translate("help.olketanu"),
    epilog=translate("help.exit-codes"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
