"""The commands of ``olketanu record``: which module owns which, loaded when named."""

from commands.lazy import LazyGroup
from olketanu.messages.translate import translate

COMMANDS = {
    "show": "commands.record.show:show_record",
    "describe": "commands.record.describe:describe",
    "export": "commands.record.export:export",
    "convert": "commands.record.convert:convert",
}

record = LazyGroup("record", COMMANDS, help=translate("help.record"))
