"""A sound table spoiled in the ways of the Pollock benchmark (Vitagliano et al., PVLDB 16, 2023).

The benchmark's own files are English and not part of this project; these are Chinese tickets spoiled by
the same list: file, table, row and cell level, a file each.
"""

import collections

HEADER = ["工单号", "投诉时间", "客户", "数量", "标题", "投诉内容", "链接"]
_TEXTS = [
    "升级以后一直打不开，客服说“马上处理”，已经三天",
    "说好9月1日上线,又拖到10月,没有任何说明",
    '屏幕只有15"，显示不全',
    "电话打不通；留言也没人回",
    "报表导出后少了两列, 重做了三遍",
    "It's been down since Monday, 没人管",
]
TABLE = [
    [
        f"TS-{1000 + n}", f"2026/9/{n % 28 + 1} 08:{n % 60:02d}", "甲公司" if n % 3 else "乙公司, 二部", str(n % 7),
        "系统" + "慢错崩拖"[n % 4], _TEXTS[n % 6] + f"（{n}）", f"https://www.example.com/t/{n}",
    ]
    for n in range(40)
]  # fmt: skip


def written(rows, delimiter=",", quote='"', escape=None, end="\r\n", always=True):
    """Write rows; cells in quotes, the quotes in them doubled or escaped."""
    escape = quote if escape is None else escape

    def cell(text):
        needed = always or any(sign in text for sign in (delimiter, quote, "\n", "\r"))
        return quote + text.replace(quote, escape + quote) + quote if needed else text

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def pollutions():
    """Give name, text, header and rows of every spoiled file."""
    whole = [HEADER, *TABLE]
    text = written(whole)
    yield "source", text, HEADER, TABLE
    yield "sparing quotes", written(whole, always=False), HEADER, TABLE
    for name, delimiter in [(";", ";"), ("tab", "\t"), ("bar", "|"), ("space", " "), ("comma and space", ", ")]:
        yield f"delimiter {name}", written(whole, delimiter), HEADER, TABLE
    yield "apostrophes as quotes", written(whole, quote="'"), HEADER, TABLE
    yield "backslash", written(whole, escape="\\"), HEADER, TABLE
    yield "no escape", written(whole, escape=""), HEADER, TABLE
    yield "line feed", written(whole, end="\n"), HEADER, TABLE
    yield "carriage return", written(whole, end="\r"), HEADER, TABLE
    yield "no newline at the end", text.rstrip("\r\n"), HEADER, TABLE
    yield "two newlines at the end", text + "\r\n", HEADER, TABLE
    yield "header twice", written([HEADER, *whole]), HEADER, TABLE
    yield "header three times", written([HEADER, HEADER, *whole]), HEADER, TABLE
    for name, width in [("less", 5), ("as many", 7), ("more", 8)]:
        below = [[*row, "甲"][:width] for row in TABLE[:20]]
        head = [*HEADER, "备注"][:width]
        # With the same columns it is an export put below another: its rows are tickets too.
        rows = [*TABLE, *below] if width == 7 else TABLE
        yield f"second table, columns {name}", text + written([head, *below]), HEADER, rows
    yield "preamble", '"投诉台账"\r\n"2026年9月"\r\n\r\n' + text, HEADER, TABLE
    yield "delimited preamble", written([["投诉台账", *[""] * 6]] * 3) + text, HEADER, TABLE
    yield "header only", written([HEADER]), HEADER, []
    yield "one row", written(whole[:2]), HEADER, TABLE[:1]
    for row in range(1, 41, 3):
        lines = [written([cells]) for cells in whole]
        for column in range(1, 7):
            cells = lines[row].removesuffix("\r\n").split('","')
            merged = [
                *whole[row][: column - 1],
                "".join(whole[row][column - 1 : column + 1]),
                *whole[row][column + 1 :],
            ]
            spoiled = '","'.join(cells[:column]) + '""' + '","'.join(cells[column:]) + "\r\n"
            less = [*TABLE[: row - 1], merged, *TABLE[row:]]
            yield f"less {row} {column}", "".join([*lines[:row], spoiled, *lines[row + 1 :]]), HEADER, less
            more = [*whole[row][:column], "", *whole[row][column:]]
            spoiled = written([more])
            rows = [*TABLE[: row - 1], more, *TABLE[row:]]
            yield f"more {row} {column}", "".join([*lines[:row], spoiled, *lines[row + 1 :]]), HEADER, rows
            odd = [*whole[row]]
            odd[column] = '"' + odd[column]
            spoiled = '","'.join([*cells[:column], '"' + cells[column], *cells[column + 1 :]]) + "\r\n"
            rows = [*TABLE[: row - 1], odd, *TABLE[row:]]
            yield f"quote {row} {column}", "".join([*lines[:row], spoiled, *lines[row + 1 :]]), HEADER, rows
        spoiled = written([whole[row]], " ")
        yield f"row by space {row}", "".join([*lines[:row], spoiled, *lines[row + 1 :]]), HEADER, TABLE


def _f(expected, found):
    if not expected:
        return 3.0
    common = sum((collections.Counter(expected) & collections.Counter(found)).values())
    if not common:
        return 0.0
    precision, recall = common / len(found), common / len(expected)
    return precision + recall + 2 * precision * recall / (precision + recall)


def score(header, rows, found_header, found_rows):
    """Rate from 0 to 10: read at all, then precision, recall and F1 of header cells, rows and cells."""
    return (
        1
        + _f(header, found_header)
        + _f([tuple(row) for row in rows], [tuple(row) for row in found_rows])
        + _f([cell for row in rows for cell in row], [cell for row in found_rows for cell in row])
    )
