"""The table of models: the best are marked, numbers sort as numbers."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.views.models_table import (
    ACCURACY,
    LOG_LOSS,
    NAME,
    ModelsTable,
    best_of,
    details,
)
from engine.pipeline import ModelSummary

WHEN = "2026-01-02T03:04:05+00:00"


def model(name: str, accuracy: float, loss: float) -> ModelSummary:
    return ModelSummary(
        Path("models") / name, "knn", "run", "VGG16", accuracy, (0.5, 0.9), accuracy, loss, 24, 3,
        WHEN,
    )  # fmt: skip


BROKEN = ModelSummary(Path("models/broken"), problem="The model “broken” is damaged.")
MODELS = (model("a", 0.98, 0.2), model("b", 1.0, 0.7), model("c", 0.9, 0.1), BROKEN)


@pytest.fixture
def table(qtbot) -> ModelsTable:
    made = ModelsTable()
    qtbot.addWidget(made)
    made.show_models(MODELS)
    return made


def names(table: ModelsTable) -> list[str]:
    return [table.topLevelItem(row).text(NAME) for row in range(table.topLevelItemCount())]


def test_the_best_has_the_highest_accuracy_and_the_lowest_loss():
    assert best_of(MODELS, ACCURACY) == {1}
    assert best_of(MODELS, LOG_LOSS) == {2}


def test_what_is_written_alike_is_best_alike_and_one_alone_is_not_marked():
    assert best_of((model("a", 0.9001, 1), model("b", 0.9002, 2)), ACCURACY) == {0, 1}
    assert best_of((model("a", 0.9, 1), BROKEN), ACCURACY) == set()


def test_the_best_are_bold_and_said_to_be_the_best(table):
    cells = [table.topLevelItem(row) for row in range(4)]
    assert [cell.font(ACCURACY).bold() for cell in cells] == [False, True, False, False]
    said = cells[1].data(ACCURACY, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "100.0%, the best"


def test_a_heading_sorts_by_numbers_and_a_new_list_stays_sorted(table):
    table.sortByColumn(ACCURACY, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["c", "a", "b", "broken"]
    table.show_models(MODELS[1:])
    assert names(table) == ["c", "b", "broken"]


def test_a_damaged_model_is_listed_with_the_reason(table):
    assert table.topLevelItem(3).text(ACCURACY) == "–"
    assert table.topLevelItem(3).toolTip(NAME) == BROKEN.problem
    assert "24 images, 3 classes" in details(MODELS[0])
