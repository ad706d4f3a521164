"""The commands of ``olketanu record``: which module owns which, loaded when named."""

from commands.lazy import LazyGroup
from olketanu.messages.translate import translate

COMMANDS = {
    "show": "commands.record.show:show_record",
    "import": "commands.record.import_:import_records",
    "export": "commands.record.export:export",
}

record = LazyGroup("record", COMMANDS, help=translate("help.record"))
