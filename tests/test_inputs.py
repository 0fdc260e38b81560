"""Every kind of input that a return may be: each case of tests/inputs/ ends exactly as it says.

A case without `load` and `before` is read and conformed here, which is what a load does with one file; the
others, and all of them once together, go through a real load.
"""

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from etl.conform.returns import Conformed
from etl.examining import Examiner, examine
from etl.issues import Issue, Level
from tests.cases import FOLDER, Case, make, make_file, read_case
from tests.files import ROOT, load, query

CATALOGUE = ROOT / "data" / "catalogue"
CASES = [read_case(path) for path in sorted(FOLDER.glob("*.toml"))]
ALONE = [case for case in CASES if not (case.is_loaded or case.before)]
LOADED = [case for case in CASES if case.is_loaded or case.before]
NAMES = {"ids": lambda case: case.name}
USUAL_LEVEL = {"rejected": "loi", "accepted_with_warnings": "canh_bao"}

Figure = tuple[str, str, str, str | None]
"""A figure's unit, period, indicator and field."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Conformed]:
    """Return what the good forms say, by name."""
    folder = tmp_path_factory.mktemp("good")
    return {path.stem: examined(make({"base": path.stem}, folder, path.stem)) for path in _bases()}


def _bases() -> Iterable[Path]:
    return sorted((FOLDER / "goc").glob("*.toml"))


def examined(path: Path) -> Conformed:
    """Return what the program makes of one file, by itself."""
    return examine(path, path.name, CATALOGUE)


def status_of(issues: Iterable[Issue]) -> str:
    levels = {issue.level for issue in issues}
    if Level.LOI in levels:
        return "rejected"
    return "accepted_with_warnings" if Level.CANH_BAO in levels else "accepted"


def figures_of(conformed: Conformed) -> Counter[tuple[Figure, int]]:
    """Return every figure of a file with its value, as often as it stands there."""
    return Counter(
        ((found.don_vi_id, found.period.label, item.indicator_id, item.linh_vuc_id), item.value)
        for found in conformed.returns
        for item in found.figures
    )


def expected_issues(case: Case) -> set[tuple[str, str, str, str]]:
    usual = USUAL_LEVEL.get(case.expect["status"], "ghi_chu")
    return {
        (item["rule"], item.get("level", usual), item.get("sheet", ""), item.get("cell", ""))
        for item in case.expect.get("issues", [])
    }


def expected_figures(case: Case, base: Conformed) -> Counter[tuple[Figure, int]]:
    """Return the good form's figures, with the changes that the case names; a change without value is a blank."""
    unit, period = case.expect.get("unit"), case.expect.get("period")
    figures = {}
    for ((don_vi_id, label, *rest), value), _ in figures_of(base).items():
        figures[unit or don_vi_id, period or label, *rest] = value
    for change in case.expect.get("figures", []):
        only = next(iter(figures))
        key = (
            change.get("unit", unit or only[0]),
            change.get("period", period or only[1]),
            change["indicator"],
            change.get("field"),
        )
        figures.pop(key, None)
        if "value" in change:
            figures[key] = change["value"]
    return Counter(figures.items())


def _assert_issues(case: Case, found: set[tuple[str, str, str, str]], messages: list[str]) -> None:
    """Exactly what the case says is said; what a refused file is warned of besides matters to nobody."""
    expected = expected_issues(case)
    if case.expect["status"] == "rejected":
        found = {item for item in found if item[1] == "loi" or item in expected}
    assert found == expected, "\n".join(messages)


def _is_sentence(message: str) -> bool:
    """Whether a message is one line that is long enough to say what was read and what to do."""
    return 25 <= len(message) <= 600 and "\n" not in message and (message[0].isupper() or message[0] == "“")


def said(issues: Iterable[Issue]) -> set[tuple[str, str, str, str]]:
    return {(issue.rule, str(issue.level), issue.sheet, issue.cell) for issue in issues}


@pytest.mark.parametrize("case", ALONE, **NAMES)
def test_file_ends_as_its_case_says(case: Case, good: dict[str, Conformed], tmp_path: Path) -> None:
    path = make_file(case, tmp_path)

    found = examined(path)

    _assert_issues(case, said(found.issues), [issue.message for issue in found.issues])
    assert status_of(found.issues) == case.expect["status"]
    assert [issue.message for issue in found.issues if not _is_sentence(issue.message)] == []
    for item in case.expect.get("issues", []):
        messages = [issue.message for issue in found.issues if issue.rule == item["rule"]]
        assert any(item.get("says", "") in message for message in messages), messages
    if case.expect["status"] != "rejected":
        _assert_figures(case, found, good)


def _assert_figures(case: Case, found: Conformed, good: dict[str, Conformed]) -> None:
    """Every figure is loaded as meant: those of the good form, or their number, sum and place as stated."""
    expect = case.expect
    if "total" in expect:
        values = [item.value for one in found.returns for item in one.figures]
        assert (sum(values), len(found.returns)) == (expect["total"], expect["returns"])
    else:
        assert figures_of(found) == expected_figures(case, good[case.base])
    cells = {(item.sheet, item.cell): item.value for one in found.returns for item in one.figures}
    for change in expect.get("figures", []):
        if "cell" in change:
            assert cells[change["sheet"], change["cell"]] == change["value"]
    if "state" in expect:
        assert {one.state for one in found.returns} == {expect["state"]}
    if "models" in expect:
        names = [model.name for one in found.returns for model in one.models]
        assert all(name in names for name in expect["models"]), names


@pytest.mark.parametrize("case", LOADED, **NAMES)
def test_file_loaded_after_others_ends_as_its_case_says(case: Case, tmp_path: Path) -> None:
    data, path = tmp_path / "data", make_file(case, tmp_path / "case")
    for number, earlier in enumerate(case.before):
        before = path if earlier.get("same") else make(earlier, tmp_path / f"before {number}", "truoc")
        answer = load(before, data=data)
        assert answer["files"][0]["status"] != "rejected", answer["files"][0]["issues"]

    (file,) = load(path, data=data)["files"]

    found = {(item["rule"], item["level"], item["sheet"] or "", item["cell"] or "") for item in file["issues"]}
    _assert_issues(case, found, [item["message"] for item in file["issues"]])
    assert file["status"] == case.expect["status"]
    for item in case.expect.get("issues", []):
        assert any(item.get("says", "") in issue["message"] for issue in file["issues"]), file["issues"]
    for change in case.expect.get("figures", []):
        rows = query(
            data,
            "SELECT value FROM core_year_value JOIN core_return USING (return_id) WHERE core_year_value.indicator_id = "
            f"'{change['indicator']}' AND linh_vuc_id IS NOT DISTINCT FROM {_sql(change.get('field'))}",
        )
        assert (change["value"],) in rows


def _sql(text: str | None) -> str:
    return "NULL" if text is None else f"'{text}'"


def test_cases_end_alike_in_a_guarded_child(tmp_path: Path) -> None:
    some = ALONE[::5]
    paths = [make_file(case, tmp_path / case.name) for case in some]

    with Examiner(CATALOGUE) as examiner:
        answers = list(examiner.many((path, path.name) for path in paths))

    ends = {case.name: status_of(answer.issues) for case, answer in zip(some, answers, strict=True)}
    assert ends == {case.name: case.expect["status"] for case in some}


def test_the_folder_holds_the_kinds_it_should() -> None:
    assert len(CASES) >= 130
    assert {case.expect["status"] for case in CASES} == {
        "accepted",
        "accepted_with_warnings",
        "rejected",
        "duplicate",
    }


def test_every_file_of_the_folder_belongs_to_a_case() -> None:
    cases = {case.name for case in CASES}
    files = [path for path in FOLDER.iterdir() if path.is_file() and path.name != "README.md"]

    assert [path.name for path in files if path.stem not in cases] == []


@pytest.mark.parametrize("path", list(_bases()), ids=lambda path: path.stem)
def test_good_forms_are_accepted_without_a_word(path: Path, good: dict[str, Conformed]) -> None:
    assert (good[path.stem].issues, good[path.stem].is_refused) == ([], False)
    assert sum(figures_of(good[path.stem]).values()) > 2


def test_file_that_grows_while_it_is_copied_is_to_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make({"base": "theo_nam", "type": "csv"}, tmp_path, "dang_ghi")
    copy = shutil.copyfile

    def copy_while_it_grows(source: Path, target: Path) -> Path:
        with Path(source).open("a", encoding="utf-8") as file:
            file.write("2023,1,1,1,1,4,1\n")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy_while_it_grows)
    (file,) = load(path, data=tmp_path / "data")["files"]

    assert (file["status"], [issue["rule"] for issue in file["issues"]]) == ("rejected", ["tep_dang_ghi"])
