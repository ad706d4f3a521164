"""The title of a record out of its row, where thousands are listed and none is read whole."""

TITLE = (
    "SELECT json_extract(part.value, '$[1]') FROM json_each(version.content, '$.fields') AS field, "
    "json_each(field.value, '$.subfields') AS part WHERE json_extract(field.value, '$.tag') = "
    "CASE record.format WHEN 'marc21' THEN '245' ELSE '200' END "
    "AND json_extract(part.value, '$[0]') = 'a' LIMIT 1"
)
"""A subquery beside ``record`` and its ``version``: title proper, as it is written."""
