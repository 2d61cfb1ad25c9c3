"""The policy's files as JSON Schema, for editors that complete and check TOML while it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from triage.errors import InputError, OutputError
from triage.policy.kinds import Kind
from triage.policy.schema import FILES, FORMAT, Spec, Table

__all__ = ["json_schema", "write_schemas"]


def json_schema(file: str | None = None) -> dict[str, Any]:
    """Return the schema of one policy file, or of all of them under ``$defs``.

    Parameters
    ----------
    file : str, optional
        Such as ``signals.toml``; ``issues`` for the files of that folder.

    Returns
    -------
    schema : dict
        JSON Schema, draft 2020-12.

    Raises
    ------
    InputError
        If there is no such policy file.

    Examples
    --------
    >>> schema = json_schema("policy.toml")
    >>> schema["properties"]["effective_from"], schema["additionalProperties"]
    ({'type': 'string', 'format': 'date', 'description': 'a date such as 2026-12-01'}, False)
    """
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "version": FORMAT}
    if file is not None and file not in FILES:
        raise InputError("no such policy file", value=file, options=FILES)
    if file is not None:
        return head | {"title": file} | _of(FILES[file][1])
    return head | {"$defs": {name: _of(spec) for name, (_, spec) in FILES.items()}}


def write_schemas(folder: Path | str) -> list[Path]:
    """Write the schema of every policy file, such as ``signals.schema.json``, for editors.

    Parameters
    ----------
    folder : path
        Where; it is made if it is missing, and schemas in it are replaced.

    Returns
    -------
    files : list of Path
        What was written.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    target = Path(folder)
    written = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            path = target / f"{name.removesuffix('.toml')}.schema.json"
            text = json.dumps(json_schema(name), ensure_ascii=False, indent=2)
            fresh = path.with_suffix(".new")
            fresh.write_text(text + "\n", encoding="utf-8", newline="\n")
            written.append(fresh.replace(path))
    except OSError as error:
        cure = "Name a folder you may write to."
        raise OutputError(
            f"the folder cannot be written, {error.strerror or error}", value=str(target), cure=cure
        ) from error
    return written


def _of(spec: Spec) -> dict[str, Any]:
    if isinstance(spec, Kind):
        return dict(spec.json) | {"description": spec.what}
    # Nothing is required: a folder of the user's own writes only what differs.
    if isinstance(spec, Table):
        keys = {name: _of(inner) for name, inner in spec.keys.items()}
        return {"type": "object", "properties": keys, "additionalProperties": False}
    inner = _of(spec.of)
    if spec.names is None:
        return {"type": "object", "additionalProperties": inner}
    return {"type": "object", "properties": dict.fromkeys(spec.names, inner), "additionalProperties": False}
