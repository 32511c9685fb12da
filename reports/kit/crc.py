"""The checksum of zip files for bytes that are joined, out of the checksums of the parts."""

from functools import lru_cache
from typing import Final

# CRC-32 as RFC 1952, section 8, has it: the remainder of a polynomial over GF(2), of which the highest power stands in
# the lowest bit. So the polynomial 1 is the highest bit alone, and x the one below.
_POLYNOMIAL: Final = 0xEDB88320
_ONE: Final = 1 << 31
_X: Final = 1 << 30


def crc32_of_both(first: int, second: int, size: int) -> int:
    """The CRC-32 of two byte strings, one after the other.

    Args:
        first: CRC-32 of the first.
        second: CRC-32 of the second.
        size: of the second, in bytes.
    """
    # Each byte that follows multiplies the remainder by x to the power of 8.
    return _product(_power(size * 8), first) ^ second


@lru_cache(maxsize=1024)
def _power(exponent: int) -> int:
    """The remainder of x to this power."""
    power, square = _ONE, _X
    while exponent:
        if exponent & 1:
            power = _product(power, square)
        square = _product(square, square)
        exponent >>= 1
    return power


def _product(left: int, right: int) -> int:
    """The remainder of the product of two remainders."""
    product, bit = 0, _ONE
    while bit:
        if left & bit:
            product ^= right
        right = (right >> 1) ^ _POLYNOMIAL if right & 1 else right >> 1
        bit >>= 1
    return product
