"""``aidledger fx``: files in, all or nothing, and totals that name what they were converted with."""

import json
from pathlib import Path

from tests.cli.conftest import Run

FACTS = (
    "reference,donor,aid_type,instrument,title,amount,currency,bound,status,announced_on,date_precision,"
    "source_url,source_title,source_kind,verification\n"
)
HRYVNIA = "date,base,quote,rate\n2023-11-14,EUR,UAH,38.9123\n"


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_a_trial_says_what_an_import_would_do_and_a_second_import_does_nothing(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path, "nbu.csv", HRYVNIA)
    said = [
        run("fx", "import", path, "--source", "NBU", *trial) for trial in (["--dry-run"], [], [])
    ]
    assert [(code, text.strip()) for code, text, _ in said] == [
        (0, "NBU, nbu.csv: 1 new, 0 corrected, 0 unchanged; nothing recorded"),
        (0, "NBU, nbu.csv: 1 new, 0 corrected, 0 unchanged; import 1"),
        (0, "NBU, nbu.csv: 0 new, 0 corrected, 1 unchanged; nothing recorded"),
    ]


def test_a_correction_is_told(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "eurofxref-hist.csv", "Date,USD,\n2023-11-14,1.0725,\n")
    code, text, _ = run("fx", "import", path)
    assert (code, text.splitlines()) == (
        0,
        [
            "ECB, eurofxref-hist.csv: 0 new, 1 corrected, 0 unchanged; import 1",
            "  USD 2023-11-14: 1.0724 becomes 1.0725",
        ],
    )
    _, text, _ = run(
        "fx", "rates", "--currency", "USD", "--from", "2023-11-14", "--to", "2023-11-14", "--json"
    )
    assert [one["rate"] for one in json.loads(text)["data"]] == ["1.0725"]


def test_a_file_with_a_wrong_line_is_refused_as_bad_data_and_leaves_nothing(
    run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path, "nbu.csv", HRYVNIA + "2023-11-15,EUR,UAH,\n")
    code, text, errors = run("fx", "import", path, "--source", "NBU")
    assert (code, text) == (65, "")
    assert "/lines/3/rate" in errors
    code, text, _ = run("fx", "sources", "--json")
    assert [one["kind"] for one in json.loads(text)["data"]] == ["package", "law"]


def test_totals_take_a_release_and_constant_prices_and_explain_themselves(
    run: Run, tmp_path: Path
) -> None:
    pledge = (
        "A,US,military,in_kind,Package,990.00,USD,exact,committed,2023-11-14,day,"
        "https://www.state.gov/,Release,official,official\n"
    )
    assert run("import", write(tmp_path, "pledges.csv", FACTS + pledge))[0] == 0
    table = write(tmp_path, "r7.csv", "date,base,quote,rate\n2022-10-03,EUR,USD,0.99\n")
    assert run("fx", "import", table, "--source", "Kiel Institute", "--as-release", "R7")[0] == 0
    prices = write(tmp_path, "hicp.csv", "year,index\n2022,118.8\n2023,125.1\n")
    assert (
        run("fx", "prices", "import", prices, "--currency", "EUR", "--source", "Eurostat")[0] == 0
    )
    # 990 / 0.99 = 1000, and 1000 * 118.8 / 125.1 = 949.6403
    for options, expected in (([], "1000.00"), (["--prices", "2022"], "949.64")):
        _, text, _ = run("totals", "--fx", "release:R7", *options, "--json")
        assert json.loads(text)["total"]["amount"] == expected
    _, text, _ = run("totals", "--fx", "release:R7", "--explain")
    assert [line.split()[-3:] for line in text.splitlines() if line.startswith("USD")] == [
        ["Kiel", "Institute", "False"]
    ]


def test_options_are_refused_as_parameters_are(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "nbu.csv", HRYVNIA)
    for options, code in (
        (["--as-release", "R 7", "--source", "NBU"], "invalid-release-label"),
        ([], "source-required"),
        (["--source", " "], "blank"),
    ):
        status, _, errors = run("fx", "import", path, *options)
        assert status == 65
        assert code in errors
