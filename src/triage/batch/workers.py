"""Chunks scored by several processes, in order, with no more of them in memory than are being worked on."""

from __future__ import annotations

import collections
import gc
import os
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from triage.batch.scorer import ChunkScorer, ScoredLines
from triage.classify.collector import collect_young
from triage.errors import InputError, TriageError
from triage.text.choice import choice
from triage.tickets.chunks import Chunk

__all__ = ["scored"]

#: Chunks under way for each process: one being scored, one waiting, so that none is ever idle.
_AHEAD = 2

#: One thread a worker. glibc gives large arrays back when they are freed instead of learning to keep them, which takes
#: 20 MB less and no more time (docs/exports.md); but what it has for all others it keeps, and does not give it back and
#: ask for it anew with every block. Other systems do not read these names.
_ENVIRONMENT = {
    **dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 26),
}

#: The scorer of a worker process and how many chunks it did; set when the process begins.
_worker: dict[str, Any] = {}


def _begin(scorer: ChunkScorer, rows: int, parent: int) -> None:
    gc.disable()  # see collect_young
    choice.expect(rows)
    _worker.update(scorer=scorer, turn=0)
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def _end_with_parent(parent: int) -> None:
    """End the process when its parent is gone: one that was killed cannot tell its workers to stop."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _work(chunk: Chunk) -> ScoredLines:
    _worker["turn"] += 1
    collect_young(_worker["turn"])
    return _worker["scorer"](chunk)  # type: ignore[no-any-return]


def _effective(n_jobs: int) -> int:
    import joblib

    if n_jobs == 0:
        raise InputError(
            "the number of processes",
            value=n_jobs,
            where="n_jobs, --jobs",
            cure="Give 1 or more, or -1 for one a core.",
        )
    return int(joblib.effective_n_jobs(n_jobs))


def scored(chunks: Iterable[Chunk], scorer: ChunkScorer, n_jobs: int = 1, rows: int = 0) -> Iterator[ScoredLines]:
    """Score chunks.

    Parameters
    ----------
    chunks : iterable of Chunk
        Read no faster than they are scored.
    scorer : ChunkScorer
        Sent to every process once.
    n_jobs : int
        Number of processes, as joblib counts: -1 is one a core.
    rows : int
        About how many rows there will be, as far as that can be told.

    Yields
    ------
    ScoredLines
        In the order of the chunks.

    Raises
    ------
    TriageError
        If a process is killed, most likely for lack of memory.
    """
    count = 1 if n_jobs == 1 else _effective(n_jobs)
    if count == 1:
        choice.expect(rows)
        yield from map(scorer, chunks)
        return
    from joblib.externals import loky

    executor = loky.ProcessPoolExecutor(
        count, initializer=_begin, initargs=(scorer, rows // count, os.getpid()), env=_ENVIRONMENT, timeout=None
    )
    under_way: collections.deque[Any] = collections.deque()
    try:
        for chunk in chunks:
            under_way.append(executor.submit(_work, chunk))
            if len(under_way) >= count * _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except loky.BrokenProcessPool as error:
        raise TriageError(
            "a worker process ended before its work was done",
            cure="Most likely memory ran out: use fewer processes, and resume the run.",
        ) from error
    finally:
        executor.shutdown(wait=True, kill_workers=bool(under_way))
