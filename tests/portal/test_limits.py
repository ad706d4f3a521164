"""Token buckets bound how often somebody may ask, and remember no more than they may."""

from hypothesis import given
from hypothesis import strategies as st

from portal.guard import limits
from portal.guard.limits import Buckets


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_and_then_says_how_long_to_wait() -> None:
    clock = Clock()
    buckets = Buckets(burst=3, rate=0.5, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    assert buckets.take("b") == 0.0
    clock.now = 2.0
    assert [buckets.take("a"), buckets.take("a")] == [0.0, 2.0]


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5))
def test_nobody_gets_more_than_burst_and_rate_allow(pauses: list[float], burst: int) -> None:
    clock = Clock()
    buckets = Buckets(burst=burst, rate=0.5, clock=clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take("a") == 0.0
    assert taken <= burst + clock.now * 0.5 + 1e-6


def test_many_strangers_do_not_fill_the_memory() -> None:
    buckets = Buckets(burst=1, rate=1)
    for number in range(limits.MOST_KEYS + 50):
        buckets.take(str(number))
    assert len(buckets._held) == limits.MOST_KEYS
