"""The commands of ``olketanu record``: which module owns which, loaded when named."""

from commands.lazy import LazyGroup
from olketanu.messages.translate import translate

COMMANDS = {
    "show": "commands.record.show:show_record",
    "export": "commands.record.export:export",
    "validate": "commands.record.validate:validate",
    "repair": "commands.record.repair:repair",
}

record = LazyGroup("record", COMMANDS, help=translate("help.record"))
