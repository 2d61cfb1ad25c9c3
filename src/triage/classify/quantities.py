"""Read a duration, a date long past, a sum of money or a count from Chinese words.

Every reader takes the *least* the words can mean: 二十多天 is twenty days, 三四个月 three months, 半年多 half
a year, 去年 the last day of last year; 几 counts as three. A complaint is not made longer than it says.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

__all__ = ["read_amount", "read_count", "read_days", "read_since"]

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"两": 2, "俩": 2, "仨": 3, "几": 3, "数": 3}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:\d[\d,]{0,12}(?:\.\d{1,4})?|[零一二两三四五六七八九十百千俩仨几数]{1,8})"

_DAYS_PER = {"年": 365.0, "季度": 90.0, "月": 30.0, "星期": 7.0, "礼拜": 7.0, "周": 7.0}
_DAYS_PER |= {"工作日": 1.4, "天": 1.0, "日": 1.0, "小时": 1 / 24, "钟头": 1 / 24}
_DURATION = re.compile(
    rf"(?P<half>[大小]?半(?=个|年|天))?(?P<number>{_NUMBER})?(?:多|余|来)?"
    r"(?P<measure>个)?(?:多)?(?P<and_half>半)?"
    r"(?P<unit>年|季度|月|星期|礼拜|周|工作日|天|日|小时|钟头)(?P<half_more>半)?",
    re.ASCII,
)
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})(?:多|余|来)?(?P<scale>万|亿|w)?", re.ASCII)
_SCALES = {"万": 1e4, "w": 1e4, "亿": 1e8}

_YEAR = r"(?:(?P<year>(?:19|20)\d\d)[-/.年]|(?P<relative>去年|前年|今年))?"
_SINCE = re.compile(
    rf"{_YEAR}(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?:[-/.](?=\d)|月份?)"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号]?)?"
    r"|(?P<only_year>(?:19|20)\d\d)年|(?P<words>大前年|前年|去年|今年年?初|年初|上个?月|上周|上个?星期)",
    re.ASCII,
)
_COUNT = re.compile(_NUMBER, re.ASCII)


def _number(words: str) -> float:
    """Return the value of digits or a Chinese numeral; of two digits in a row (三四) the first counts."""
    if words[0].isascii():
        return float(words.replace(",", ""))
    total, last, after_digit = 0, 0, False
    for char in words:
        if char in _POWERS:
            total += (last or 1) * _POWERS[char]
            last, after_digit = 0, False
        elif not after_digit:
            last, after_digit = _DIGITS[char], char != "零"
    return float(total + last)


def read_days(words: str) -> float | None:
    """Return the longest duration the words name, in days.

    Parameters
    ----------
    words : str
        Simplified Chinese with plain digits.

    Returns
    -------
    float or None
        Days; a month counts 30, a year 365, five working days seven. None where no duration stands.

    Examples
    --------
    >>> [read_days(words) for words in ("拖了三个月", "半年了还没修", "等了一个半月", "20多天", "两年半", "好几天")]
    [90.0, 182.5, 45.0, 20.0, 912.5, 3.0]
    >>> read_days("2024年的工单")
    """
    found: list[float] = []
    for match in _DURATION.finditer(words):
        number, unit = match["number"], match["unit"]
        if not number and not match["half"] and not match["and_half"]:
            continue
        # 三月 and 3月 are March and 12日 is a date; 三个月, 俩月, 数日 are durations.
        if unit == "月" and not match["measure"] and (number or "") not in ("俩", "仨", "两", "数", "几"):
            continue
        if unit == "日" and number not in ("数", "几"):
            continue
        value = _number(number) if number else 0.0
        if unit == "年" and value >= 1900:
            continue
        value += 0.5 * sum(bool(match[part]) for part in ("half", "and_half", "half_more"))
        found.append(value * _DAYS_PER[unit])
    return max(found, default=None)


def read_since(words: str, today: dt.date) -> float | None:
    """Return how many days ago the date in the words was.

    Parameters
    ----------
    words : str
        Simplified Chinese with plain digits.
    today : date
        The day from which to count back. A date without a year is the last such day before it.

    Returns
    -------
    float or None
        Days since the latest day the words can mean; None where no past date stands.

    Examples
    --------
    >>> today = dt.date(2026, 5, 20)
    >>> [read_since(words, today) for words in ("从3月到现在", "自2025年11月2日起", "去年提的", "上个月")]
    [50.0, 199.0, 140.0, 20.0]
    """
    found: list[float] = []
    for match in _SINCE.finditer(words):
        day = _last_day_meant(match, today)
        if day is not None and day <= today:
            found.append(float((today - day).days))
    return max(found, default=None)


def _last_day_meant(match: re.Match[str], today: dt.date) -> dt.date | None:
    """Return the latest day a match of ``_SINCE`` can mean, or None for a day that does not exist."""
    if match["only_year"]:
        return min(dt.date(int(match["only_year"]), 12, 31), today)
    if word := match["words"]:
        if word.startswith("上"):
            first = today.replace(day=1) if "月" in word else today - dt.timedelta(days=today.weekday())
            return first - dt.timedelta(days=1)
        back = {"大": 3, "前": 2, "去": 1}.get(word[0])
        return dt.date(today.year - back, 12, 31) if back else min(dt.date(today.year, 1, 31), today)
    month = int(_number(match["month"]))
    years = {"今年": today.year, "去年": today.year - 1, "前年": today.year - 2}
    year = int(match["year"]) if match["year"] else years.get(match["relative"] or "", today.year)
    undated = not match["year"] and not match["relative"]
    if undated and (month, int(match["day"] or 1)) > (today.month, today.day):
        year -= 1
    last = calendar.monthrange(year, month)[1]
    if int(match["day"] or 1) > last:
        return None
    day = dt.date(year, month, int(match["day"] or last))
    return min(day, today) if not match["day"] else day


def read_amount(words: str) -> float | None:
    """Return the greatest number the words name, 万 and 亿 multiplied out.

    Parameters
    ----------
    words : str
        Simplified Chinese with plain digits.

    Returns
    -------
    float or None
        The amount, in yuan where the words speak of money; None where no number stands.

    Examples
    --------
    >>> [read_amount(words) for words in ("亏了四十多万", "赔了1,200元", "损失8万块", "一百二十块", "多收钱")]
    [400000.0, 1200.0, 80000.0, 120.0, None]
    """
    return max(
        (_number(match["number"]) * _SCALES.get(match["scale"] or "", 1.0) for match in _AMOUNT.finditer(words)),
        default=None,
    )


def read_count(words: str) -> float | None:
    """Return the greatest count the words name.

    Parameters
    ----------
    words : str
        Simplified Chinese with plain digits.

    Returns
    -------
    float or None
        The count; None where no number stands.

    Examples
    --------
    >>> [read_count(words) for words in ("打了3次电话", "反映过一次", "一直没人接")]
    [3.0, 1.0, 1.0]
    """
    return max((_number(match[0]) for match in _COUNT.finditer(words)), default=None)
