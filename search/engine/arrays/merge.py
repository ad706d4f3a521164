"""Puts several segments into one, without the documents that were deleted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from search.engine.arrays.collector import bounds_of
from search.engine.arrays.postings import Dictionary, Integers, Postings, ends_of, narrowed, spread
from search.engine.arrays.segment import Segment, SegmentFile
from search.engine.arrays.union import united

_AT_ONCE = 1 << 20
"""Numbers that are moved at once, so that the indices of a move stay small beside what is moved."""


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to be merged and the mask of its documents that stay."""

    segment: Segment
    alive: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stays of one field of some sources, as one source has it or as all have it together.

    The terms of all ``dictionaries`` are numbered through: term i has ``counts[i]`` postings, maybe
    none, from ``starts[i]`` on. Documents are numbered anew.
    """

    dictionaries: list[Dictionary]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    documents: Integers
    times: Integers
    positions: Integers | None
    lengths: Integers


def merge(sources: Sequence[Source], file: SegmentFile) -> int:
    """Write the documents of ``sources``, in this order, as one segment; return their number.

    All sources have the same fields.
    """
    bases = np.cumsum([0, *(np.count_nonzero(source.alive) for source in sources)]).tolist()
    _merge_rows(sources, file)
    fields = sources[0].segment.fields
    for field in fields:
        parts = (
            _kept(source.segment.postings(field), source.alive, base)
            for source, base in zip(sources, bases, strict=False)
        )
        _merge_field(field, _joined(list(parts)), file)
        for source in sources:
            source.segment.forget_pages()
    file.finish(bases[-1], fields)
    return int(bases[-1])


def _merge_rows(sources: Sequence[Source], file: SegmentFile) -> None:
    sizes = []
    pieces: list[Iterator[Integers]] = []
    for source in sources:
        blob, bounds = source.segment.rows
        wide = bounds.astype(np.int64)
        sizes.append(np.diff(wide)[source.alive])
        pieces.append(_moved(blob, wide[:-1][source.alive], sizes[-1]))
    file.add_pieces("rows", np.dtype(np.uint8), chain.from_iterable(pieces))
    file.add("row-bounds", narrowed(np.append(0, np.cumsum(np.concatenate(sizes)))))


def _kept(postings: Postings, alive: NDArray[np.bool_], base: int) -> _Kept:
    """Return what stays of a field; the first document that stays gets the number ``base``."""
    starts, times = postings.starts.astype(np.int64), postings.frequencies
    if times is None:
        times = np.ones(len(postings.documents), np.uint8)
    whole = _Kept(
        [postings.terms],
        starts[:-1],
        starts[1:] - starts[:-1],
        postings.documents.astype(np.uint32) + np.uint32(base),
        times,
        postings.positions,
        postings.lengths,
    )
    return whole if alive.all() else _living(whole, postings.documents, alive, base)


def _living(whole: _Kept, documents: Integers, alive: NDArray[np.bool_], base: int) -> _Kept:
    """Return what stays of ``whole`` where some of its documents (of old numbers) do not."""
    numbers = (np.cumsum(alive) + (base - 1)).astype(np.uint32)
    stays = alive[documents]
    before = np.append(0, np.cumsum(stays))
    starts = before[whole.starts]
    positions = whole.positions
    if positions is not None:
        positions = positions[np.repeat(stays, whole.times)]
    return _Kept(
        whole.dictionaries,
        starts,
        before[whole.starts + whole.counts] - starts,
        numbers[documents[stays]],
        whole.times[stays],
        positions,
        whole.lengths[alive],
    )


def _joined(parts: Sequence[_Kept]) -> _Kept:
    """Put the parts one behind another."""
    shifts = np.cumsum([0, *(len(part.documents) for part in parts)])
    positions = [part.positions for part in parts if part.positions is not None]
    return _Kept(
        [part.dictionaries[0] for part in parts],
        np.concatenate([part.starts + shift for part, shift in zip(parts, shifts, strict=False)]),
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.documents for part in parts]),
        np.concatenate([part.times for part in parts]),
        np.concatenate(positions) if positions else None,
        np.concatenate([part.lengths for part in parts]),
    )


def _merge_field(field: str, kept: _Kept, file: SegmentFile) -> None:
    """Write a field: the postings of a term, part after part, terms in their order."""
    blob, order, heads = united(kept.dictionaries, kept.counts > 0)
    starts, counts = kept.starts[order], kept.counts[order]
    arrays = {
        "terms": blob,
        "bounds": bounds_of(blob),
        "starts": narrowed(ends_of(counts)[heads]),
        "lengths": narrowed(kept.lengths),
    }
    file.add_field(field, arrays)
    _move(f"{field}/documents", kept.documents, starts, counts, file)
    if kept.times.max(initial=1) > 1:
        _move(f"{field}/frequencies", kept.times, starts, counts, file)
    if kept.positions is not None:
        begins = ends_of(kept.times)
        places, behind = begins[starts], begins[starts + counts]
        file.add(f"{field}/places", narrowed(ends_of(behind - places)[heads]))
        _move(f"{field}/positions", kept.positions, places, behind - places, file)


def _move(
    name: str, array: Integers, starts: Integers, counts: Integers, file: SegmentFile
) -> None:
    narrow = narrowed(array)
    file.add_pieces(name, narrow.dtype, _moved(narrow, starts, counts))


def _moved(array: Integers, starts: Integers, counts: Integers) -> Iterator[Integers]:
    """Yield the runs ``starts[i] … starts[i] + counts[i]`` of ``array`` one after another."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if ends.size else 0
    cuts = np.searchsorted(ends, np.arange(0, total, _AT_ONCE), side="right")
    for first, behind in pairwise([*cuts.tolist(), len(ends)]):
        yield array[spread(starts[first:behind], counts[first:behind])]
