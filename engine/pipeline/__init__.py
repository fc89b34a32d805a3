"""The order of the stages, from a folder to a map and to a classifier.

The command line and the window call this.
"""

from engine.applying import Move, Plan
from engine.finetune import FinetuneOptions
from engine.fitting import ClassifierOptions
from engine.pipeline.applying import (
    Applied,
    apply_edits,
    plan_edits,
    plan_revert,
    revert_edits,
    settle_moves,
)
from engine.pipeline.comparing import (
    BackboneComparison,
    BackboneRow,
    compare_backbones,
    embedded_runs,
    use_run,
)
from engine.pipeline.edits_table import ExportedEdits, export_edits
from engine.pipeline.exporting import FORMATS, Exported, export_model
from engine.pipeline.exports import EXPORTS, PRINT_DPI, Written, export_run
from engine.pipeline.extraction import POOLINGS, Extraction, ExtractOptions, extract, size_note
from engine.pipeline.finetuning import finetune_backbone
from engine.pipeline.importing import Imported, import_vectors
from engine.pipeline.labels import Relabelled, suggest
from engine.pipeline.learning_curve import learning_curve
from engine.pipeline.maps import Opened, agreement, clusters, open_folder, project, save_picture
from engine.pipeline.models import ModelSummary, delete_model, open_trained, saved_models
from engine.pipeline.nearest import nearest_in_classes
from engine.pipeline.outside import Compared, Comparison, compare_files
from engine.pipeline.projector import ProjectorExport, export_projector, refresh_projector
from engine.pipeline.quality import find_quality, kept_quality
from engine.pipeline.similar import Neighbor, Similar
from engine.pipeline.sorting import Sorting, sort_files
from engine.pipeline.tensorboard import Board, open_tensorboard
from engine.pipeline.training import (
    Prediction,
    Trained,
    predict_files,
    scores,
    train_classifier,
)

__all__ = [
    "EXPORTS",
    "FORMATS",
    "POOLINGS",
    "PRINT_DPI",
    "Applied",
    "BackboneComparison",
    "BackboneRow",
    "Board",
    "ClassifierOptions",
    "Compared",
    "Comparison",
    "Exported",
    "ExportedEdits",
    "ExtractOptions",
    "Extraction",
    "FinetuneOptions",
    "Imported",
    "ModelSummary",
    "Move",
    "Neighbor",
    "Opened",
    "Plan",
    "Prediction",
    "ProjectorExport",
    "Relabelled",
    "Similar",
    "Sorting",
    "Trained",
    "Written",
    "agreement",
    "apply_edits",
    "clusters",
    "compare_backbones",
    "compare_files",
    "delete_model",
    "embedded_runs",
    "export_edits",
    "export_model",
    "export_projector",
    "export_run",
    "extract",
    "find_quality",
    "finetune_backbone",
    "import_vectors",
    "kept_quality",
    "learning_curve",
    "nearest_in_classes",
    "open_folder",
    "open_tensorboard",
    "open_trained",
    "plan_edits",
    "plan_revert",
    "predict_files",
    "project",
    "refresh_projector",
    "revert_edits",
    "save_picture",
    "saved_models",
    "scores",
    "settle_moves",
    "size_note",
    "sort_files",
    "suggest",
    "train_classifier",
    "use_run",
]
