import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from triage.classify.card import model_card
from triage.classify.model import Model
from triage.classify.store import load_model, save_model
from triage.errors import ModelError


def test_a_saved_model_scores_the_same(small_model: Model, small_model_folder: Path) -> None:
    loaded = load_model(small_model_folder)
    texts = ["系统一直闪退", "客服态度差", "请问发票在哪里开", ""]
    ours, theirs = (m.score(m.read(texts)) for m in (small_model, loaded))
    for head in ours:
        np.testing.assert_array_equal(ours[head], theirs[head])


def test_saving_twice_gives_the_same_bytes(small_model: Model, small_model_folder: Path, tmp_path: Path) -> None:
    again = save_model(small_model, tmp_path / "again", model_card(small_model))
    for name in ("arrays.npz", "model.json", "README.md"):
        assert (again / name).read_bytes() == (small_model_folder / name).read_bytes()


def test_the_arrays_hold_no_pickle(small_model_folder: Path) -> None:
    with np.load(small_model_folder / "arrays.npz", allow_pickle=False) as archive:
        assert all(archive[name].dtype != object for name in archive.files)


@pytest.fixture
def folder(small_model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_model_folder, tmp_path / "copy"))


def change(folder: Path, **facts: object) -> None:
    listing = folder / "model.json"
    listing.write_text(json.dumps(json.loads(listing.read_text("utf-8")) | facts), "utf-8")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model folder.*triage train"):
        load_model(tmp_path)


def test_damaged_facts_are_refused(folder: Path) -> None:
    (folder / "model.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match=r"model\.json is damaged"):
        load_model(folder)


def test_changed_arrays_are_refused(folder: Path) -> None:
    packed = bytearray((folder / "arrays.npz").read_bytes())
    packed[len(packed) // 2] ^= 1
    (folder / "arrays.npz").write_bytes(packed)
    with pytest.raises(ModelError, match=r"not those that model\.json describes"):
        load_model(folder)


def test_missing_arrays_are_refused(folder: Path) -> None:
    (folder / "arrays.npz").unlink()
    with pytest.raises(ModelError, match="missing, cut short or changed"):
        load_model(folder)


@pytest.mark.parametrize(("key", "value"), [("format", 99), ("features", 0), ("tokenizer", "jieba-0.39/1/abc")])
def test_a_model_for_other_software_is_refused(folder: Path, key: str, value: object) -> None:
    change(folder, **{key: value})
    with pytest.raises(ModelError, match=f"made for another {key}"):
        load_model(folder)


def test_foreign_arrays_are_refused_even_with_the_right_checksum(folder: Path) -> None:
    import hashlib

    np.savez(folder / "arrays.npz", something=np.zeros(3))
    change(folder, hash=hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest())
    with pytest.raises(ModelError, match="do not fit together"):
        load_model(folder)


def test_a_pickle_in_place_of_the_arrays_is_not_opened(folder: Path) -> None:
    import hashlib
    import pickle

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("code of the file was run",))

    (folder / "arrays.npz").write_bytes(pickle.dumps(Bomb()))
    change(folder, hash=hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest())
    with pytest.raises(ModelError):
        load_model(folder)
