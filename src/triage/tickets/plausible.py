"""How much a text looks like Chinese people writing, and not like bytes read in the wrong encoding.

Read in the wrong encoding, Chinese becomes rare characters. So everyday characters are counted: in full
those of the list below, by a third those of the first level of the character set.
"""

from __future__ import annotations

import functools

__all__ = ["plausibility"]

#: Frequent characters in both scripts and the punctuation around them, chosen by hand: function words, then
#: words of service and complaint. Nothing depends on the exact choice, only on their being frequent.
_EVERYDAY = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於"
    "着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天"
    "分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日者意无無力它与與长長把机機十民第公此已工使情"
    "明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應向头頭文体體政美相见見被利什二等产產"
    "或新己制身果加西月话話合回特代内內信化老给給位次度门門任常先海通教儿兒原东東声聲提及比员員解水名真论論"
    "处處走义義各入几幾口认認条條平系係氣气题題活更别別打女变變四神总總何电電数數安少报報才结結反受目太量再"
    "感建务務做接必场場件计計管期市直资資命山金指许許统統区區保至队隊形社便空决決治马馬司五基眼书書非则則听"
    "聽却卻达達光放强強即像难難且权權思王象完设設式色路记記品住告类類求据據程北边邊死张張该該交规規万萬取拉"
    "望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运運网網客服单單订訂版修换換错錯慢快退款"
    "号號钱錢买買卖賣费費用户戶登录錄账賬帐帳态態投诉訴描述容编編状狀创創优優先级級指派由谁誰项項目联聯络絡"
    "，。！？：；“”‘’、（）《》【】…—「」·～￥　％＋－０１２３４５６７８９"
)


@functools.cache
def _first_level(codec: str) -> frozenset[str]:
    """Characters of the first level: GB 2312 rows 16 to 55, or Big5 A440 to C67E."""
    if codec in {"cp950", "big5hkscs"}:
        trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
        codes = [bytes([lead, trail]) for lead in range(0xA4, 0xC7) for trail in trails]
        return frozenset("".join(code.decode("cp950", "ignore") for code in codes))
    codes = [bytes([lead, trail]) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF)]
    return frozenset("".join(code.decode("gb2312", "ignore") for code in codes))


def plausibility(text: str, codec: str) -> float:
    """Rate a decoding between 0 (mojibake) and 1 (everyday Chinese).

    Parameters
    ----------
    text : str
        The characters beyond ASCII.
    codec : str
        The encoding they were decoded from.

    Returns
    -------
    float
        The share of everyday characters; 0 for an empty text.

    Examples
    --------
    >>> sound = "系统上线三天就崩了"
    >>> plausibility(sound, "gb18030") > 0.7
    True
    >>> plausibility(sound.encode("gbk").decode("big5", "ignore"), "cp950") < 0.4
    True
    """
    if not text:
        return 0.0
    common = _first_level(codec)
    points = sum(1.0 if char in _EVERYDAY else 0.35 if char in common else 0.0 for char in text)
    return points / len(text)
