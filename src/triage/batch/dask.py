"""Tables of any size on a Dask cluster: lazily, part by part, with the same rows as on one machine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from triage.batch.frames import FrameScorer
from triage.batch.inputs import Inputs, expanded
from triage.errors import InputError, OutputError, import_extra
from triage.tickets.parquet import need_pyarrow
from triage.tickets.read import read_tickets

__all__ = ["score", "score_exports", "score_files"]


def _need(module: str) -> Any:
    return import_extra(module, "dask", "scoring on a cluster needs Dask", where=module)


def score(ddf: Any, scorer: FrameScorer | None = None) -> Any:
    """Add the ``triage_*`` columns to a Dask DataFrame; nothing is worked out before it is asked for.

    Parameters
    ----------
    ddf : dask.dataframe.DataFrame
        One ticket a row.
    scorer : FrameScorer, optional
        How to score; by default with the packaged model and policy. Each worker loads them once.

    Returns
    -------
    dask.dataframe.DataFrame
        The same parts, with the columns that :class:`~triage.batch.frames.FrameScorer` adds. A part that
        was lost with its worker is worked out again and gives the same rows.

    Raises
    ------
    ColumnError
        If the names of the columns do not say which holds the complaint; at once, not on the cluster.
    MissingExtraError
        If Dask is not installed.

    Examples
    --------
    >>> import dask.dataframe, pandas
    >>> tickets = pandas.DataFrame({"投诉内容": ["系统一打开就闪退，单子都做不了", "客服骂人，态度恶劣"]})
    >>> scored = score(dask.dataframe.from_pandas(tickets, npartitions=2))
    >>> scored.compute()["triage_category"].tolist()
    ['technical', 'attitude']
    """
    _need("dask.dataframe")
    scorer = scorer or FrameScorer()
    meta = scorer(ddf._meta)  # of no rows: finds the columns and the types
    return ddf.map_partitions(scorer, meta=meta, enforce_metadata=False)


def score_exports(
    inputs: Sequence[str | Path], scorer: FrameScorer | None = None, *, rows: int = 20_000, **reading: Any
) -> Any:
    r"""Read CSV exports in parts and add the ``triage_*`` columns; nothing is judged before it is asked for.

    Every file is gone through here, to find encoding, dialect and columns, and where records begin; the parts are read
    again and judged by the workers. Any dialect can be cut, quoted line breaks and all; a file that is packed or in
    UTF-16 is one part.

    Parameters
    ----------
    inputs : sequence of str or Path
        CSV files of the same columns, or patterns; every worker must be able to read them.
    scorer : FrameScorer, optional
        How to score; by default with the packaged model and policy. Each worker loads them once.
    rows : int
        How many rows a part has at most.
    **reading
        As for :func:`~triage.tickets.read.read_tickets`.

    Returns
    -------
    dask.dataframe.DataFrame
        The rows in order, all of them: those with a problem have nothing in the columns added.

    Raises
    ------
    InputError
        If a file is no CSV file, or has other columns than the first; at once, as all that is wrong with the files.
    MissingExtraError
        If Dask is not installed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "投诉.csv"
    >>> _ = path.write_text("投诉内容\n" "系统一打开就闪退，单子都做不了\n" "客服骂人，态度恶劣\n", "utf-8")
    >>> scored = score_exports([path], rows=1)
    >>> scored.npartitions, scored.compute()["triage_category"].tolist()
    (2, ['technical', 'attitude'])
    """
    frames = _need("dask.dataframe")
    scorer = scorer or FrameScorer()
    found = Inputs([Path(path).resolve() for path in expanded(inputs)], lambda path: read_tickets(path, **reading))
    parts = [part for reader in found.readers for part in reader.parts(rows)]
    meta = scorer.score_blocks(found.header, [])
    return frames.from_map(scorer.score_reader, parts, meta=meta, enforce_metadata=False)


def score_files(
    inputs: Sequence[str | Path],
    output: str | Path,
    address: str,
    scorer: FrameScorer | None = None,
    **reading: Any,
) -> int:
    """Score Parquet or CSV files on a cluster that runs, and write Parquet files.

    Parameters
    ----------
    inputs : sequence of str or Path
        Parquet files, or CSV files, or patterns; every worker must be able to read them.
    output : str or Path
        A folder that does not exist yet, where every worker can write; it appears when all parts are there.
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    scorer : FrameScorer, optional
        How to score.
    **reading
        Of CSV files, as for :func:`~triage.tickets.read.read_tickets`.

    Returns
    -------
    int
        The number of rows written.

    Raises
    ------
    InputError
        If an input is neither Parquet nor CSV, if there are both, or if no scheduler answers.
    OutputError
        If the output exists or cannot be written.
    """
    distributed, frames = _need("distributed"), _need("dask.dataframe")
    files = [str(Path(path).resolve()) for path in expanded(inputs)]
    kinds = {Path(path).suffix.lower() == ".parquet" for path in files}
    if len(kinds) > 1:
        cure = "Score each kind into a folder of its own."
        raise InputError("a cluster reads Parquet files or CSV files, not both at once", value=output, cure=cure)
    given = [name for name, value in reading.items() if value is not None]
    if kinds == {True} and given:
        raise InputError("a Parquet file leaves no choice how to read it", value=", ".join(given), where=files[0])
    target = Path(output).resolve()
    if target.exists():
        raise OutputError("the output is there already", value=str(output), cure="Name a folder that is not.")
    hidden = target.with_name(f".{target.name}.partial")
    shutil.rmtree(hidden, ignore_errors=True)
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            "no scheduler answers there", value=address, where="dask", cure="Give its address: tcp://HOST:PORT."
        ) from error
    try:
        with client:
            if kinds == {True}:
                scored = score(frames.read_parquet(files), scorer)
            else:
                scored = score_exports(files, scorer, **reading)
            client.compute(scored.to_parquet(str(hidden), write_index=False, compute=False)).result()
        parts = need_pyarrow(str(output)).parquet
        rows = sum(int(parts.read_metadata(part).num_rows) for part in sorted(hidden.glob("*.parquet")))
        hidden.replace(target)
        return rows
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
