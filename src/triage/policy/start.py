"""The starting point of a policy of one's own: a folder that says, in comments, what can be changed."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from triage.errors import OutputError
from triage.policy.json_schema import write_schemas
from triage.policy.load import load_policy, packaged_folder

__all__ = ["begin_policy"]

_HEAD = """\
# 自己的策略：这个文件夹叠加在软件自带的策略之上，只写不同之处；没有写的照自带的执行。
# 改完运行 triage policy check 本文件夹；triage policy diff 说明改变了什么；
# triage policy simulate 在历史工单上试算。
format = 1
name = "{name}"
version = "1"
effective_from = {day}
"""

_OWNERS = """\
# 角色背后的人或队列。先看项目，再看产品，最后看 default；若此人正是被投诉人，自动改派给该角色的上级。
# [assign.default]
# service_desk = "400 热线组"
# [assign.product."产品名"]
# tech_lead = "姓名或队列"
# [assign.project."项目名"]
# project_manager = "姓名或队列"
"""

_CALENDAR = """\
# 单位自己的休息日与加班日；法定节假日与调休不必写。
# closures = [2027-02-05, "2027-07-01..2027-07-05"]
# extra_days = [2027-02-06]
# 工作时间不同的：
# [hours]
# mon = ["08:30-12:00", "13:00-17:30"]
"""

_CHANGES = """\
# {title}
# 自带的内容见下（全部注释掉了）；要改哪一项，去掉那一行和它所在 [表头] 的注释号即可。

"""

_OWN = ("policy.toml", "owners.toml", "calendar.toml")
"""Files that begin with words of their own; all others repeat the packaged ones as comments."""
_SCHEMAS = ".schema"
_ESCAPES = {"\\": "\\\\", '"': '\\"'}


def begin_policy(folder: Path | str, *, name: str, day: dt.date) -> list[Path]:
    """Write a commented starting point for a policy of one's own.

    Parameters
    ----------
    folder : path
        Where; it must not exist, or be empty.
    name : str
        What the policy is called in every plan it makes.
    day : date
        The day from which it applies.

    Returns
    -------
    files : list of Path
        What was written.

    Raises
    ------
    OutputError
        If there is something in the folder already, or it cannot be written.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError("the folder is not empty", value=str(target), cure="Name a new folder.")
    try:
        _write(target, _texts(name, day))
    except OSError as error:
        cure = "Name a folder you may write to."
        raise OutputError(
            f"the folder cannot be written, {error.strerror or error}", value=str(target), cure=cure
        ) from error
    return sorted(path for path in target.rglob("*.toml"))


def _write(target: Path, texts: dict[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place, so that it appears whole or not at all.
    with tempfile.TemporaryDirectory(prefix=".policy-", dir=target.parent) as beside:
        fresh = Path(beside) / "policy"
        for file, text in texts.items():
            path = fresh / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        write_schemas(fresh / _SCHEMAS)
        load_policy(fresh)  # what is handed out holds
        if target.exists():
            target.rmdir()
        fresh.rename(target)


def _texts(name: str, day: dt.date) -> dict[str, str]:
    """Return what is written, by file."""
    safe = "".join(_ESCAPES.get(sign, sign if sign.isprintable() else "") for sign in name)
    own = (_HEAD.format(name=safe, day=day.isoformat()), _OWNERS, _CALENDAR)
    texts = dict(zip(_OWN, own, strict=True))
    packaged = packaged_folder()
    for entry in sorted([*packaged.iterdir(), *(packaged / "issues").iterdir()], key=lambda entry: entry.name):
        file = entry.name if (packaged / entry.name).is_file() else f"issues/{entry.name}"
        if entry.name.endswith(".toml") and file not in _OWN:
            lines = entry.read_text("utf-8").splitlines()
            commented = "\n".join(f"# {line}" if line and not line.startswith("#") else line for line in lines)
            texts[file] = _CHANGES.format(title=f"{file}：只写不同之处") + commented + "\n"
    return {file: _directive(file) + text for file, text in texts.items()}


def _directive(file: str) -> str:
    """Return the line by which editors that know TOML schemas find the file's."""
    folder, stem = (
        (f"../{_SCHEMAS}", "issues") if file.startswith("issues/") else (_SCHEMAS, file.removesuffix(".toml"))
    )
    return f"#:schema {folder}/{stem}.schema.json\n"
