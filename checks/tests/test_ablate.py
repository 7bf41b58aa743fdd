"""`solutions.trainer.ablate`: which trainings it compares, and the table that it prints."""

from dataclasses import asdict

import pytest

from solutions.trainer import ablate
from solutions.trainer.recipes import RECIPES, Recipe


def changed(recipe: Recipe, full: Recipe) -> set[str]:
    return {name for name, value in asdict(recipe).items() if value != asdict(full)[name]}


def test_each_row_lacks_one_ingredient_and_the_last_all() -> None:
    full = RECIPES["quick"]
    (_, first), *without, (_, plain) = ablate.variants("quick", full)
    assert first == full
    lacking = [changed(recipe, full) - {"lr"} for _, recipe in without]
    assert lacking == [
        {"schedule"},
        {"lsuv"},
        {"lsuv", "init"},
        {"optimizer"},
        {"augment"},
    ]
    assert changed(plain, full) - {"lr"} == {"schedule", "lsuv", "optimizer", "augment"}


def test_what_only_the_best_recipe_has_is_taken_from_it() -> None:
    full = RECIPES["best"]
    rows = dict(ablate.variants("best", full))
    assert changed(rows["Adam instead of Muon"], full) - {"lr"} == {"optimizer"}
    assert changed(rows["plain convnet instead of residual blocks"], full) == {"arch", "norm"}
    assert changed(rows["without label smoothing"], full) == {"smooth"}
    assert "momentum instead of Adam" not in rows and "without LSUV" not in rows


def test_what_a_recipe_does_not_have_is_not_taken_from_it() -> None:
    rows = dict(ablate.variants("lesson11", RECIPES["lesson11"]))
    assert "without augmentation" not in rows
    assert "without LSUV" not in rows
    assert "momentum instead of Adam" not in rows
    assert "without one-cycle" in rows


def test_no_variant_is_trained_twice() -> None:
    recipes = [o for _, o in ablate.variants("mine", Recipe(init="kaiming"))]
    assert len(recipes) == len({str(o) for o in recipes})


def test_the_table_has_means_spreads_and_differences() -> None:
    rows = {"full": [(90.0, 10.0), (92.0, 14.0)], "without": [(85.0, 8.0), (86.0, 8.0)]}
    assert ablate.table(rows).splitlines()[2:] == [
        "| full | 91.0 | 90.0 to 92.0 |  | 12 |",
        "| without | 85.5 | 85.0 to 86.0 | -5.5 | 8 |",
    ]


def test_one_command_prints_the_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def trained(recipe: Recipe, setting: object) -> tuple[float, float]:
        seen.append(recipe)
        return 50.0, 1.0

    monkeypatch.setattr(ablate, "trained", trained)
    assert ablate.main(["--seeds", "2", "size=16", "--epochs=1"]) == 0
    assert len(seen) == 14
    assert {recipe.size for recipe in seen} == {16}
    assert {recipe.epochs for recipe in seen} == {1}
    assert len({recipe.seed for recipe in seen}) == 2
    assert "| plain SGD, none of these | 50.0 |" in capsys.readouterr().out


def test_what_is_found_before_a_break_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left = [50.0, 40.0]

    def trained(recipe: Recipe, setting: object) -> tuple[float, float]:
        if not left:
            raise KeyboardInterrupt
        return left.pop(0), 1.0

    monkeypatch.setattr(ablate, "trained", trained)
    assert ablate.main(["size=16"]) == 130
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| **quick** | 50.0 | one seed |  | 1 |",
        "| without one-cycle | 40.0 | one seed | -10.0 | 1 |",
    ]


def test_an_unknown_option_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert ablate.main(["epoch=1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
