"""The commands of ``olketanu record``: which module owns which, loaded when named."""

from commands.lazy import LazyGroup
from olketanu.messages.translate import translate

COMMANDS = {
    "show": "commands.record.show:show_record",
    "describe": "commands.record.describe:describe",
    "import": "commands.record.import_:import_records",
    "imports": "commands.record.imports:imports",
    "bad": "commands.record.bad:bad",
    "conflicts": "commands.record.conflicts:conflicts",
    "history": "commands.record.history:history",
    "diff": "commands.record.history:diff",
    "undo": "commands.record.undo:undo",
    "delta": "commands.record.delta:delta",
    "export": "commands.record.export:export",
    "convert": "commands.record.convert:convert",
    "validate": "commands.record.validate:validate",
    "repair": "commands.record.repair:repair",
}

record = LazyGroup("record", COMMANDS, help=translate("help.record"))
