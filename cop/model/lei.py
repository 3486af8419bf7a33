"""Legal Entity Identifiers (ISO 17442-1): twenty characters, the last two of them check digits.

The check is MOD 97-10 of ISO/IEC 7064: letters stand for 10 to 35, and the number that comes of it
leaves 1 when divided by 97.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator

_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")


def check_lei(said: str) -> str:
    """Give *said* as an LEI is written, in capitals without blanks.

    Raises:
        ValueError: it is none, or its check digits are wrong; says which.
    """
    lei = said.replace(" ", "").upper()
    if not _LEI.fullmatch(lei):
        raise ValueError("an LEI is 18 letters or digits and 2 check digits")
    if int("".join(str(int(sign, 36)) for sign in lei)) % 97 != 1:
        raise ValueError("the check digits of this LEI are wrong: compare it with its register")
    return lei


Lei = Annotated[str, AfterValidator(check_lei)]
