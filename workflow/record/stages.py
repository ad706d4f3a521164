"""The catalogue stages, in the order in which one follows the other."""

from workflow.document.extract import EXTRACT
from workflow.record.classify import CLASSIFY
from workflow.record.draft import DRAFT
from workflow.record.match import MATCH

CATALOGUE_STAGES = (EXTRACT, MATCH, DRAFT, CLASSIFY)
