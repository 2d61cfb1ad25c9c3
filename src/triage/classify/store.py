"""Save a model as a folder of arrays and JSON; load it without running anything from it.

A model folder holds ``model.json`` (facts, metrics, thresholds, and the checksum of the arrays),
``arrays.npz`` (numbers and the vocabulary as UTF-8 bytes) and ``README.md`` (the model card). Arrays are
read with ``allow_pickle=False``: no file of a model can run code.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from triage.classify.features import FEATURES_VERSION
from triage.classify.model import HEADS, OUTPUTS, Base, Model, Top
from triage.classify.signals import SIGNAL_NAMES
from triage.errors import ModelError
from triage.text.tokenize import Tokenizer

__all__ = ["load_model", "packaged_model", "save_model"]

#: Version of the folder's layout. Raise it when a reader of the old layout would misread the new one, keep
#: reading the old one, and add a folder of the old layout to ``tests/classify/models/``.
FORMAT_VERSION = 1

_RETRAIN = "Train it again with `triage train`, or install the version of triage that made it."


def packaged_model() -> Path:
    """Return the folder of the model that comes with the library.

    In a wheel it lies inside the package; in a checkout and an editable install in ``models/`` at the top.
    """
    inside = Path(str(importlib.resources.files("triage"))) / "_packaged_model"
    checkout = Path(__file__).resolve().parents[3] / "models" / "default"
    return inside if inside.is_dir() else checkout


def _pack(model: Model) -> bytes:
    """Return the arrays as the bytes of an ``.npz`` that depend on nothing but the arrays."""
    arrays: dict[str, Any] = {
        "vocabulary": np.frombuffer(model.base.listing.encode(), dtype=np.uint8),
        "idf": model.base.idf,
        "weights": model.base.weights.astype(np.float16),
        "intercept": model.base.intercept,
    }
    for head, top in model.tops.items():
        arrays[f"top.{head}.weights"] = top.weights
        arrays[f"top.{head}.intercept"] = top.intercept
    # np.savez stamps the time into the archive; the same model must be the same bytes.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            # Weights hardly shrink, and unpacking them takes a tenth of the time to the first answer.
            packing = zipfile.ZIP_STORED if name == "weights" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), member.getvalue(), packing)
    return buffer.getvalue()


def save_model(model: Model, folder: Path, card: str) -> Path:
    """Write a model folder.

    Parameters
    ----------
    model : Model
        What to save. Its base weights must be representable in half precision, as ``train`` makes them.
    folder : Path
        Where; it is created. Existing files of a model are replaced one by one, each whole.
    card : str
        The model card in Markdown.

    Returns
    -------
    Path
        The folder.
    """
    packed = _pack(model)
    facts = dict(model.facts) | {
        "format": FORMAT_VERSION,
        "features": FEATURES_VERSION,
        "tokenizer": Tokenizer().identity,
        "hash": hashlib.sha256(packed).hexdigest(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    listing = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    for name, content in [("arrays.npz", packed), ("model.json", listing.encode()), ("README.md", card.encode())]:
        partial = folder / f"{name}.partial"
        partial.write_bytes(content)
        partial.replace(folder / name)
    return folder


def load_model(folder: Path | str | None = None) -> Model:
    """Open a model folder.

    Parameters
    ----------
    folder : path, optional
        The folder; by default the model that comes with the library.

    Returns
    -------
    Model
        Ready to score.

    Raises
    ------
    ModelError
        If the folder is no model, is damaged, or was made for another tokenizer, other features or
        another format than those of this version. Nothing is repaired or guessed.
    """
    place = Path(folder) if folder is not None else packaged_model()
    facts = _facts(place)
    packed = (place / "arrays.npz").read_bytes() if (place / "arrays.npz").is_file() else b""
    if hashlib.sha256(packed).hexdigest() != facts["hash"]:
        raise ModelError(
            "the arrays are not those that model.json describes",
            where=str(place / "arrays.npz"),
            cure="The file is missing, cut short or changed. " + _RETRAIN,
        )
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:  # member by member: np.load reads in small pieces
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in archive.namelist()
            }
        return _unpack(arrays, facts)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"the arrays do not fit together ({error})", where=str(place), cure=_RETRAIN) from error


def _facts(place: Path) -> dict[str, Any]:
    """Read model.json and refuse what this version cannot score truly."""
    listing = place / "model.json"
    if not listing.is_file():
        raise ModelError(
            "this is no model folder: it has no model.json",
            value=str(place),
            cure="Name a folder made by `triage train`, or leave the option out for the packaged model.",
        )
    try:
        facts = json.loads(listing.read_text("utf-8"))
    except ValueError as error:
        raise ModelError(f"model.json is damaged ({error})", where=str(listing), cure=_RETRAIN) from error
    expected = {"format": FORMAT_VERSION, "features": FEATURES_VERSION, "tokenizer": Tokenizer().identity}
    for key, value in expected.items():
        found = facts.get(key) if isinstance(facts, dict) else None
        if found != value:
            raise ModelError(
                f"the model was made for another {key}",
                value=found,
                where=f"{listing}, key {key!r}",
                options=[str(value)],
                cure=_RETRAIN,
            )
    missing = {"name", "hash", "recipe", "thresholds"} - facts.keys()
    if missing:
        raise ModelError("model.json lacks keys", value=sorted(missing), where=str(listing), cure=_RETRAIN)
    return dict(facts)


def _unpack(arrays: dict[str, Any], facts: dict[str, Any]) -> Model:
    """Build the model from its arrays, checking that their shapes belong together."""
    listing, weights = bytes(arrays["vocabulary"]).decode(), arrays["weights"].astype(np.float32)
    base = Base(listing, arrays["idf"], weights, arrays["intercept"])
    outputs = len(base.intercept)
    if not (base.listing.count("\n") + 1 == len(base.idf) == len(base.weights) and base.weights.shape[1] == outputs):
        raise ValueError("vocabulary, idf and weights differ in length")
    # A model that learnt labels of its user's own has a column more for each primary (classify/adapt.py).
    if outputs not in (len(OUTPUTS), len(OUTPUTS) + len(HEADS["primary"])):
        raise ValueError(f"the base has {outputs} outputs, not {len(OUTPUTS)}")
    inputs = 3 * outputs + len(SIGNAL_NAMES)
    tops = {}
    for head, names in HEADS.items():
        weights, intercept = arrays[f"top.{head}.weights"], arrays[f"top.{head}.intercept"]
        if weights.shape[1] != len(names) or intercept.shape != (len(names),):
            raise ValueError(f"head {head!r} has {weights.shape[1]} outputs, not {len(names)}")
        if len(weights) != inputs:
            raise ValueError(f"head {head!r} reads {len(weights)} inputs, not {inputs}")
        tops[head] = Top(weights, intercept)
    return Model(base, tops, facts)
