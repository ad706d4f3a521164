"""The page job: from a page's pixels to its recognised ALTO, inside a limited child process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from digitize.layout.mark import mark_regions
from digitize.recognition.image import Grey, Prepared, map_baseline, map_box, prepare
from digitize.recognition.profiles import Profile, profile_from_dict
from digitize.recognition.recognise import Recogniser, recogniser
from digitize.recognition.repair import (
    languages_of,
    name_languages,
    repair_regions,
    variants_of,
)
from digitize.recognition.second_look import Reader, look_again
from digitize.work.stages import LANGUAGE, LAYOUT, PREPARE, RECOGNISE, REPAIR
from pages.codec import frame_from_dict
from pages.text import Line, PageFrame, PageText, ProcessingStep, Region, Word

TOO_UNSURE = 0.3  # mean word confidence below which a page is kept as an image
IN_DOUBT = 0.6  # below this it is tried turned: print on its head measured 0.41–0.45, worn 0.87 up
LITTLE_TEXT = 10  # words; fewer that are trusted are a reason to look whether the page lies
SECOND_TRY_SCALE = 0.5
NO_TEXT = "NO_TEXT"
NO_MODEL = "NO_MODEL"


@dataclass(frozen=True, slots=True)
class Request:
    """How one page is to be read; ``scale`` is 1.0, or less for a second try."""

    engine: Recogniser
    frame: PageFrame
    profile: Profile
    scale: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One attempt: regions in frame pixels, the image that was read, the turns made before.

    ``again`` is how many doubtful lines were read once more.
    """

    regions: tuple[Region, ...]
    prepared: Prepared
    turns: int
    again: int = 0

    @property
    def trust(self) -> float:
        """Sum of the words' confidences, so that more text weighs more."""
        return sum(word.confidence or 0.0 for word in _words(self.regions))


@dataclass(slots=True)
class Clock:
    """Seconds of wall time by step; never part of what is written."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to ``name``."""
        start = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - start
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Recognise one page and write its ALTO; the answer says what was found.

    ``payload``: ``master`` (path), ``frame`` (dict), ``profile`` (dict), ``time`` (ISO 8601, for
    the file), ``output`` (path of the ALTO to write); optional ``page`` (key, default ``p0001``),
    ``source`` (name written into the ALTO, default the master's hash) and ``attempt`` (2: half as
    many pixels each way, for a page that was too much at first).

    Returns ``state`` (``text`` or ``image-only``), ``code`` (``NO_TEXT``, ``NO_MODEL`` or None),
    ``confidence`` (0–1 or None), ``languages``, ``words``, ``engine``, ``skew`` and ``seconds`` by
    step. Errors of decoding and of missing tools pass through.
    """
    from pages.alto import write_alto

    clock = Clock()
    page = read_page(payload, clock)
    with clock.step("write"):
        data = write_alto(
            page,
            page_id=str(payload.get("page", "p0001")),
            source=str(payload.get("source", page.frame.master)),
            time=str(payload["time"]),
        )
        Path(payload["output"]).write_bytes(data)
    words = len(_words(page.regions))
    confidence = page.confidence
    return {
        "state": "text" if words else "image-only",
        "code": None if words else _why_no_text(payload["profile"]),
        "confidence": None if confidence is None else round(confidence, 4),
        "languages": list(languages_of(page.regions)),
        "words": words,
        "engine": page.engine,
        "skew": page.skew,
        "seconds": clock.seconds,
    }


def read_page(payload: dict[str, Any], clock: Clock) -> PageText:
    """The page's text: a PDF's own layer where it is readable, else recognised.

    A page on which almost nothing is read comes back without regions, and so does one in an
    alphabet that no installed model reads.
    """
    master = Path(payload["master"])
    frame = frame_from_dict(payload["frame"])
    profile = profile_from_dict(payload["profile"])
    refused: tuple[ProcessingStep, ...] = ()
    if profile.embedded and _is_pdf(master):
        with clock.step("embedded"):
            embedded, refused = _embedded(master, frame)
        if embedded is not None:
            return embedded
    scale = SECOND_TRY_SCALE if int(payload.get("attempt", 1)) > 1 else 1.0
    request = Request(recogniser(profile.engine), frame, profile, scale)
    if not profile.languages:
        return _not_recognised(request)
    page = _recognised(master, request, clock)
    return replace(page, provenance=(*refused, *page.provenance))


def _why_no_text(profile: dict[str, Any]) -> str:
    return NO_TEXT if profile["languages"] else NO_MODEL


def _not_recognised(request: Request) -> PageText:
    """The page as an image: a model of another alphabet would write nonsense."""
    identity = request.engine.identity(request.profile)
    step = ProcessingStep(RECOGNISE.name, RECOGNISE.version, _asked(request, identity.label))
    return PageText(request.frame, (), identity.label, identity.models, (step,))


def _recognised(master: Path, request: Request, clock: Clock) -> PageText:
    from digitize.scan.decode import load_grey

    identity = request.engine.identity(request.profile)
    with clock.step("decode"):
        grey = load_grey(master, request.frame)
    reading = _read(grey, request, 0, clock)
    if _is_poor(reading.regions):
        reading = _read_turned(grey, request, reading, clock)
    with clock.step("repair"):
        readable = _mean_confidence(reading.regions) >= TOO_UNSURE
        regions = name_languages(repair_regions(reading.regions if readable else ()))
        regions = _as_stated(regions, request.profile)
    page = PageText(
        frame=request.frame,
        regions=regions,
        engine=identity.label,
        models=identity.models,
        provenance=_provenance(request, reading, identity.label, variants_of(regions)),
        skew=reading.prepared.skew,
    )
    with clock.step("layout"):
        return _marked(grey, page) if regions else page


def _marked(grey: Grey, page: PageText) -> PageText:
    """The page with its blocks named; where that fails it keeps its text, and says so."""
    try:
        return mark_regions(grey, page)
    except MemoryError:
        raise
    except Exception as error:  # a defect in the marks must not cost the text
        step = ProcessingStep(LAYOUT.name, LAYOUT.version, (("failed", type(error).__name__),))
        return replace(page, provenance=(*page.provenance, step))


def _as_stated(regions: tuple[Region, ...], profile: Profile) -> tuple[Region, ...]:
    """The regions with language and script of the profile, where it states what is printed."""
    if not profile.language:
        return regions
    language, script = profile.language, profile.script
    return tuple(
        replace(
            region,
            lines=tuple(replace(line, language=language, script=script) for line in region.lines),
        )
        for region in regions
    )


def _read(grey: Grey, request: Request, turns: int, clock: Clock) -> Reading:
    profile = request.profile
    with clock.step("prepare"):
        prepared = prepare(
            grey,
            noise_limit=profile.noise_limit,
            max_skew=profile.max_skew,
            dpi=request.frame.dpi,
            scale=request.scale,
            turns=turns,
        )
    with clock.step("recognise"):
        found = request.engine.recognise(prepared.image, profile, prepared.dpi)
    with clock.step("look-again"):
        reader = Reader(request.engine, profile, prepared.dpi)
        found, again = look_again(prepared.image, found, reader)
    return Reading(_in_frame(found, prepared, request.frame), prepared, turns, again)


def _read_turned(grey: Grey, request: Request, first: Reading, clock: Clock) -> Reading:
    """A second reading of a page that lies on its side or its head; the better one is returned."""
    with clock.step("orientation"):
        turns = request.engine.quarter_turns(first.prepared.image)
    if not turns:
        return first
    second = _read(grey, request, turns, clock)
    return second if second.trust > first.trust else first


def _is_poor(regions: tuple[Region, ...]) -> bool:
    """Whether the reading looks like that of a page that lies on its side or its head."""
    trusted = sum((word.confidence or 0.0) >= IN_DOUBT for word in _words(regions))
    return _mean_confidence(regions) < IN_DOUBT or trusted < LITTLE_TEXT


def _mean_confidence(regions: tuple[Region, ...]) -> float:
    """Mean confidence of the words (none given counts as sure); 0.0 where there are no words."""
    known = [1.0 if w.confidence is None else w.confidence for w in _words(regions)]
    return sum(known) / len(known) if known else 0.0


def _in_frame(
    regions: tuple[Region, ...], prepared: Prepared, frame: PageFrame
) -> tuple[Region, ...]:
    """The regions with boxes and baselines in frame pixels, numbered anew in the same order."""
    placed: list[Region] = []
    for region in regions:
        box = map_box(region.box, prepared.back, frame.width, frame.height)
        lines = [_line_in_frame(line, prepared, frame) for line in region.lines]
        kept = tuple(line for line in lines if line is not None)
        if box is not None and kept:
            placed.append(Region(f"r{len(placed) + 1}", region.kind, box, kept))
    return tuple(placed)


def _line_in_frame(line: Line, prepared: Prepared, frame: PageFrame) -> Line | None:
    size = (frame.width, frame.height)
    box = map_box(line.box, prepared.back, *size)
    words = tuple(
        replace(word, box=place)
        for word in line.words
        if (place := map_box(word.box, prepared.back, *size)) is not None
    )
    if box is None or not words:
        return None
    baseline = map_baseline(line.baseline, prepared.back, *size)
    return replace(line, box=box, baseline=baseline, words=words)


def _words(regions: tuple[Region, ...]) -> list[Word]:
    return [word for region in regions for line in region.lines for word in line.words]


def _provenance(
    request: Request, reading: Reading, engine: str, variants: tuple[str, ...]
) -> tuple[ProcessingStep, ...]:
    preparation = (("quarter-turns", str(reading.turns)), *reading.prepared.decisions())
    recognition = (*_asked(request, engine), ("lines-read-again", str(reading.again)))
    spellings = (("variants", " ".join(variants)),) if variants else ()
    return (
        ProcessingStep(PREPARE.name, PREPARE.version, preparation),
        ProcessingStep(RECOGNISE.name, RECOGNISE.version, recognition),
        ProcessingStep(REPAIR.name, REPAIR.version),
        ProcessingStep(LANGUAGE.name, LANGUAGE.version, spellings),
    )


def _asked(request: Request, engine: str) -> tuple[tuple[str, str], ...]:
    """What the engine was asked for, as it is written into the page."""
    profile = request.profile
    return (
        ("engine", engine),
        ("profile", profile.name),
        ("languages", profile.languages),
        ("variant", profile.variant),
        ("psm", str(profile.psm)),
        ("threshold", str(profile.threshold)),
    )


def _is_pdf(master: Path) -> bool:
    with master.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _embedded(master: Path, frame: PageFrame) -> tuple[PageText | None, tuple[ProcessingStep, ...]]:
    """The readable text layer of a PDF page with languages named, or None and why not."""
    from digitize.scan.pdf_input import read_layer
    from digitize.scan.text_layer import EMPTY

    layer = read_layer(master, frame)
    if layer.page is None:
        return None, () if layer.verdict.reason in (None, EMPTY) else (layer.step,)
    if not _words(layer.page.regions):
        return None, ()
    return replace(layer.page, regions=name_languages(layer.page.regions)), ()
