"""A key is nothing but chance, a mistyped one shows by itself, and roles contain each other."""

import base64
import math
import random
import secrets
import string
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.domain import (
    ApiKey,
    Caller,
    KeyState,
    NewKey,
    ParsedKey,
    Refusal,
    Role,
    generate_key,
    is_key_id,
    judge,
    parse_key,
    read_name,
    read_role,
    read_validity,
)
from app.kernel.errors import ValueRefusedError

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE32 = (
    base64.b32encode(bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df")).decode().lower()
)
KEY = generate_key(random.Random(45).randrange)


def crc32(data: bytes) -> int:
    """CRC-32 bit by bit, as ISO 3309 describes it; slow, and not the code under test."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xEDB88320 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


def number_of(base62_digits: str) -> int:
    return sum(
        BASE62.index(digit) * 62**place for place, digit in enumerate(reversed(base62_digits))
    )


def parts_of(key: NewKey) -> tuple[str, str, str]:
    prefix, key_id, secret, checksum = key.text.split("_")
    assert prefix == "aidl"
    return key_id, secret, checksum


def stored(
    key: NewKey = KEY,
    *,
    role: Role = Role.CONTRIBUTOR,
    expires_at: datetime = NOON + timedelta(days=1),
    revoked_at: datetime | None = None,
) -> ApiKey:
    return ApiKey(
        key_id=key.key_id,
        name="Desk Copenhagen",
        role=role,
        digest=key.digest,
        created_at=NOON - timedelta(days=1),
        expires_at=expires_at,
        revoked_at=revoked_at,
        created_by="test",
    )


def parsed(key: NewKey = KEY) -> ParsedKey:
    presented = parse_key(key.text)
    assert presented is not None
    return presented


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.READER, {"reader"}),
        (Role.CONTRIBUTOR, {"reader", "contributor"}),
        (Role.ADMIN, {"reader", "contributor", "admin"}),
    ],
)
def test_a_role_may_do_what_the_roles_below_it_may(role: Role, may: set[str]) -> None:
    assert {other.value for other in Role if role.may(other)} == may


def test_a_key_is_a_prefix_an_id_a_secret_and_a_checksum() -> None:
    key_id, secret, checksum = parts_of(KEY)
    assert (len(key_id), len(secret), len(checksum)) == (10, 32, 6)
    assert key_id == KEY.key_id


def test_the_checksum_is_the_crc32_of_everything_before_it_in_base62() -> None:
    assert crc32(b"123456789") == 0xCBF43926  # the check value of the CRC catalogue
    for seed in range(50):
        key = generate_key(random.Random(seed).randrange)
        body, _, checksum = key.text.rpartition("_")
        assert number_of(checksum) == crc32(body.encode())


def test_ids_and_secrets_use_the_whole_of_their_alphabets_and_nothing_else() -> None:
    keys = [parts_of(generate_key(secrets.randbelow)) for _ in range(500)]
    assert set("".join(key_id for key_id, _, _ in keys)) == set(BASE32)
    assert set("".join(secret for _, secret, _ in keys)) == set(BASE62)


def test_a_secret_holds_190_bits_of_chance_and_an_id_50() -> None:
    choices: list[int] = []

    def randbelow(limit: int) -> int:
        choices.append(limit)
        return 0

    generate_key(randbelow)
    assert sum(map(math.log2, choices[:10])) == 50
    assert 190 < sum(map(math.log2, choices[10:])) < 191


def test_every_key_is_another_one() -> None:
    keys = [generate_key(secrets.randbelow) for _ in range(500)]
    assert len({key.text for key in keys}) == len({key.key_id for key in keys}) == 500


def test_what_is_stored_is_the_sha256_of_the_secret() -> None:
    _, secret, _ = parts_of(KEY)
    assert sha256(secret.encode()).digest() == KEY.digest == parsed().digest


def test_neither_a_new_nor_a_presented_key_shows_its_secret_when_printed() -> None:
    _, secret, _ = parts_of(KEY)
    assert secret not in repr(KEY) + repr(parsed()) + repr(stored())


def test_a_key_is_read_back() -> None:
    assert parsed().key_id == KEY.key_id


@given(
    place=st.integers(min_value=0, max_value=len(KEY.text) - 1),
    other=st.characters(codec=None) | st.sampled_from(BASE62 + "_"),
)
def test_a_key_with_any_one_character_changed_is_refused(place: int, other: str) -> None:
    changed = KEY.text[:place] + other + KEY.text[place + 1 :]
    assert (parse_key(changed) is None) == (changed != KEY.text)


@given(place=st.integers(min_value=0, max_value=len(KEY.text)), more=st.characters())
def test_a_key_with_a_character_too_many_or_too_few_is_refused(place: int, more: str) -> None:
    assert parse_key(KEY.text[:place] + more + KEY.text[place:]) is None
    assert parse_key(KEY.text[:place] + KEY.text[place + 1 :]) is None or place == len(KEY.text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "aidl",
        "aidl___",
        KEY.text.upper(),
        KEY.text.replace("aidl", "ghp"),
        KEY.text + "\n",
        " " + KEY.text,
        KEY.text + KEY.text,
        "aidl_" + "a" * 10_240,
        "\x00",
        "ключ",
        "\ud800",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    assert parse_key(text) is None


@given(st.text())
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    assert parse_key(text) is None
    # Ten letters and digits of base32 may come up by chance, and are an id's form.
    assert is_key_id(text) == (
        len(text) == 10 and set(text) <= set(string.ascii_lowercase + "234567")
    )


def test_only_the_public_part_has_the_form_of_an_id() -> None:
    assert is_key_id(KEY.key_id)
    assert not is_key_id(KEY.key_id.upper())
    assert not is_key_id(KEY.key_id + "\n")


def test_the_right_key_tells_who_is_calling() -> None:
    assert judge(parsed(), stored(), NOON) == Caller(
        "Desk Copenhagen", Role.CONTRIBUTOR, KEY.key_id
    )


def test_a_key_that_nobody_was_given_is_unknown() -> None:
    assert judge(parsed(), None, NOON) is Refusal.UNKNOWN_KEY


def test_a_digest_is_compared_also_where_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []

    def compare_digest(presented: bytes, expected: bytes) -> bool:
        compared.append((len(presented), len(expected)))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare_digest)
    judge(parsed(), None, NOON)
    judge(parsed(), stored(), NOON)
    assert compared == [(32, 32), (32, 32)]


def test_the_right_id_with_another_secret_is_refused() -> None:
    other = generate_key(random.Random(46).randrange)
    assert judge(parsed(other), stored(KEY), NOON) is Refusal.WRONG_SECRET


def test_a_wrong_secret_does_not_tell_that_the_key_is_revoked() -> None:
    other = generate_key(random.Random(46).randrange)
    assert judge(parsed(other), stored(KEY, revoked_at=NOON), NOON) is Refusal.WRONG_SECRET


def test_a_key_opens_nothing_from_the_second_of_its_expiry_on() -> None:
    key = stored(expires_at=NOON)
    assert isinstance(judge(parsed(), key, NOON - timedelta(microseconds=1)), Caller)
    assert judge(parsed(), key, NOON) is Refusal.EXPIRED


def test_a_revoked_key_opens_nothing_and_stays_revoked_when_it_expires() -> None:
    key = stored(expires_at=NOON, revoked_at=NOON - timedelta(hours=1))
    assert judge(parsed(), key, NOON - timedelta(minutes=1)) is Refusal.REVOKED
    assert key.state_at(NOON + timedelta(days=1)) is KeyState.REVOKED


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Desk Copenhagen", "Desk Copenhagen"),
        ("  Desk \n Copenhagen ", "Desk Copenhagen"),
        ("Міноборони", "Міноборони"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("n" * 100, "n" * 100),
    ],
)
def test_a_name_is_one_line_composed_and_without_spare_blanks(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        (" \t ", "blank"),
        ("n" * 101, "too-long"),
        ("\u0958" * 51, "too-long"),  # two characters each, once composed
        ("Desk\x00", "forbidden-character"),
        ("Desk\x1cDesk", "forbidden-character"),
        ("Desk\u202e", "forbidden-character"),
        ("Desk\u200b", "forbidden-character"),
        ("Desk\u00ad", "forbidden-character"),
        ("Desk\ud800", "forbidden-character"),
    ],
)
def test_a_name_that_could_deceive_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        read_name(text)
    assert refused.value.code == code


def test_a_role_is_one_of_three_words() -> None:
    assert read_role("admin") is Role.ADMIN
    with pytest.raises(ValueRefusedError) as refused:
        read_role("Admin")
    assert refused.value.facts == {"allowed": ["reader", "contributor", "admin"]}


def test_a_key_lives_for_more_than_nothing_and_at_most_366_days() -> None:
    assert read_validity(timedelta(days=366)) == timedelta(days=366)
    for wrong in (timedelta(0), timedelta(days=-1), timedelta(days=366, microseconds=1)):
        with pytest.raises(ValueRefusedError) as refused:
            read_validity(wrong)
        assert refused.value.code == "out-of-range"
