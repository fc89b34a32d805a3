"""Which part may know of which other: read from the imports of every file."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "engine").rglob("*.py"))
WINDOW = {"PySide6", "pyqtgraph", "OpenGL", "desktop"}
KERAS = {"keras", "tensorflow"}
STAGES = ("engine.dataset", "engine.extract", "engine.projection")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path) -> set[str]:
    """All modules that a file imports, at its top or later."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def packages_of(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports_of(file)}


def files_that_import(packages: set[str]) -> list[str]:
    return [module_of(file) for file in FILES if packages_of(file) & packages]


def stage_of(module: str) -> str | None:
    return next((s for s in STAGES if module == s or module.startswith(f"{s}.")), None)


def test_engine_knows_nothing_of_the_window():
    assert files_that_import(WINDOW) == []


def test_keras_is_imported_only_where_a_process_of_its_own_runs():
    allowed = {"engine.keras_model", "engine.keras_export", "engine.finetune"}
    assert set(files_that_import(KERAS)) == allowed
    importers = {module_of(file) for file in FILES if "engine.keras_model" in imports_of(file)}
    allowed = {"engine.keras_head", "engine.keras_export", "engine.finetune"}
    assert importers == allowed | {"engine.keras_process"}


def test_only_one_file_imports_openvino():
    assert files_that_import({"openvino"}) == ["engine.openvino_model"]


def test_one_file_writes_what_tensorboard_reads_and_one_serves_it():
    expected = ["engine.event_file", "engine.tensorboard_server"]
    assert files_that_import({"tensorboard"}) == expected


def test_whoever_reads_the_folder_of_a_workspace_settles_its_moves_first():
    readers = {
        module_of(file) for file in FILES if "engine.dataset.read_dataset" in imports_of(file)
    }
    # Training names pictures from elsewhere, which are in no workspace.
    assert readers == {"engine.pipeline.folder", "engine.pipeline.training"}


def test_what_reads_vectors_of_others_knows_nothing_of_what_writes_ours():
    readers = [file for file in FILES if module_of(file).startswith("engine.foreign")]
    assert not any(name.startswith("engine.exports") for f in readers for name in imports_of(f))


def test_importing_the_command_line_imports_nothing_heavy():
    code = "import json, sys, engine.cli; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = WINDOW | KERAS | {"openvino", "sklearn", "scipy", "tensorboard"}
    assert heavy & set(json.loads(done.stdout)) == set()


@pytest.mark.parametrize(
    ("leaf", "allowed"),
    [("values", {"natsort"}), ("progress", set()), ("errors", set()), ("wording", set())],
)
def test_leaves_import_nothing_of_ours(leaf, allowed):
    file = ROOT / "engine" / f"{leaf}.py"
    known = sys.stdlib_module_names | {"numpy"} | allowed
    assert packages_of(file) - known == set()


@pytest.mark.parametrize("file", [f for f in FILES if stage_of(module_of(f))], ids=module_of)
def test_stages_import_no_other_stage(file):
    own = stage_of(module_of(file))
    others = {name for name in imports_of(file) if stage_of(name) not in (None, own)}
    assert others == set()


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_every_file_says_what_it_is_for(file):
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
