"""Every command of the window, declared once: menus, shortcuts and what is enabled follow.

Its texts are English here; `desktop.actions` translates them where it shows them.
"""

from dataclasses import dataclass
from enum import Flag, auto


class Has(Flag):
    """What must be there before a command makes sense."""

    NOTHING = 0
    DATASET = auto()
    MAP = auto()
    IDLE = auto()
    JOB = auto()
    CLASSIFIER = auto()
    RUN = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    name:     of what carries it out: a method of `MapCommands` if it needs the map, else what
              `Parts` or the window give for it.
    menu:     its menu; ``separator`` draws a line above it.
    tip:      what the status bar says about it.
    checked:  None for a plain command, else how a switch starts; its method takes the new state.
    """

    name: str
    menu: str
    text: str
    shortcut: str = ""
    needs: Has = Has.NOTHING
    tip: str = ""
    separator: bool = False
    checked: bool | None = None


COMMANDS = (
    Command("browse", "&File", "&Open folder…", "Ctrl+O", Has.IDLE, "Open a folder of images"),
    Command("open_sample", "&File", "Try the &sample", "", Has.IDLE, "Open the sample pictures"),
    Command(
        "close_folder", "&File", "&Close folder", "Ctrl+W", Has.DATASET | Has.IDLE,
        "Return to the first page", separator=True,
    ),
    Command(
        "import_vectors", "&File", "&Import vectors…", "", Has.DATASET | Has.IDLE,
        "Explore vectors that another program made of these images", separator=True,
    ),
    Command(
        "export_data", "&File", "&Export…", "Ctrl+Shift+E", Has.DATASET | Has.IDLE,
        "Write the embeddings, or a picture or report of them, for other programs",
    ),
    Command(
        "show_settings", "&File", "Se&ttings…", "Ctrl+,",
        tip="Colours, backbone, and what is kept on this computer", separator=True,
    ),
    Command("close", "&File", "&Quit", "Ctrl+Q", tip="End the program", separator=True),
    Command(
        "set_up", "&Images", "&Embed images…", "Ctrl+E", Has.DATASET | Has.IDLE,
        "Choose a backbone and embed the images; what is unchanged is not computed again",
    ),
    Command(
        "compare_backbones", "&Images", "&Compare backbones…", "", Has.DATASET | Has.IDLE,
        "See which backbone tells the classes of these images apart best",
    ),
    Command(
        "pause_job", "&Images", "&Pause or resume", "Ctrl+Space", Has.JOB,
        "Hold the running job, or let it go on", separator=True,
    ),
    Command(
        "cancel_job", "&Images", "&Stop", "Ctrl+.", Has.JOB,
        "Stop the running job; what is finished is kept",
    ),
    Command("make_pca", "&Map", "&PCA", "P", Has.MAP | Has.IDLE, "Directions of most difference"),
    Command("make_umap", "&Map", "&UMAP", "U", Has.MAP | Has.IDLE, "Neighbours lie together"),
    Command("make_tsne", "&Map", "&t-SNE", "T", Has.MAP | Has.IDLE, "Near images lie together"),
    Command(
        "flip_dims", "&Map", "2D or &3D", "D", Has.MAP | Has.IDLE,
        "Change between the flat map and the deep one", separator=True,
    ),
    Command(
        "finish_job", "&Map", "&Stop here", "Ctrl+Return", Has.JOB,
        "End the running job with what it has so far", separator=True,
    ),
    Command("use_turn", "&Select", "Drag to &turn", "V", Has.MAP),
    Command("use_box", "&Select", "Drag a &box", "B", Has.MAP, "Shift adds, Alt takes away"),
    Command("use_lasso", "&Select", "Drag a &lasso", "L", Has.MAP, "Shift adds, Alt takes away"),
    Command(
        "find_images", "&Select", "&Find…", "Ctrl+F", Has.MAP, "Find images by name or class",
        separator=True,
    ),
    Command(
        "find_similar", "&Select", "Find &similar to a file…", "Ctrl+Shift+F", Has.MAP | Has.IDLE,
        "Find images that are similar to a picture from elsewhere; or drop it on the window",
    ),
    Command("select_nothing", "&Select", "&Nothing", "Esc", Has.MAP, "End the selection"),
    Command("select_others", "&Select", "All &others", "Ctrl+I", Has.MAP),
    Command("select_excluded", "&Select", "&Excluded", "", Has.MAP, "Select what is left out"),
    Command(
        "select_back", "&Select", "B&ack", "Alt+Left", Has.DATASET,
        "Return to the selection before", separator=True,
    ),
    Command("select_forward", "&Select", "Forwar&d", "Alt+Right", Has.DATASET),
    Command(
        "label_images", "&Labels", "&Class…", "C", Has.MAP, "Give the selected images a class"
    ),
    Command(
        "next_to_label", "&Labels", "&Next uncertain", "J", Has.MAP,
        "Look at the image whose class would help most",
    ),
    Command("rename_class", "&Labels", "Rena&me the class…", "F2", Has.MAP, "Call it otherwise"),
    Command(
        "undo_label", "&Labels", "&Undo", "Ctrl+Z", Has.MAP,
        "Take back the last change of classes", separator=True,
    ),
    Command("redo_label", "&Labels", "&Redo", "Ctrl+Shift+Z", Has.MAP, "Change classes again"),
    Command(
        "show_review", "&Review", "&Panel of the review", "F6", Has.MAP,
        "Look at what may be wrong with the images, and repair it", checked=False,
    ),
    Command(
        "find_quality", "&Review", "&Find what is wrong", "Ctrl+Shift+R", Has.MAP | Has.IDLE,
        "Look for wrong labels, duplicates, outliers and odd pictures",
    ),
    Command(
        "rank_again", "&Review", "&Retrain and rank again", "Ctrl+R", Has.MAP | Has.IDLE,
        "Learn from the classes of now, and look again for what is wrong",
    ),
    Command(
        "exclude_images", "&Review", "&Exclude", "E", Has.MAP, "Leave the selected images out",
        separator=True,
    ),
    Command(
        "include_images", "&Review", "&Take in again", "Shift+E", Has.MAP,
        "Leave the selected images out no longer",
    ),
    Command(
        "apply_edits", "&Review", "&Apply to disk…", "", Has.MAP | Has.IDLE,
        "Move the files into the folders of their classes; see first what is moved",
        separator=True,
    ),
    Command(
        "revert_edits", "&Review", "&Move all back…", "", Has.MAP | Has.IDLE,
        "Move every file back to where it was first",
    ),
    Command(
        "export_edits", "&Review", "E&xport the changes…", "", Has.MAP | Has.IDLE,
        "Write every change of classes into a CSV file",
    ),
    Command(
        "show_training", "&Classifier", "&Panel of the classifier", "F7", Has.MAP,
        "Train a classifier on the embeddings and see how good it is", checked=False,
    ),
    Command(
        "train", "&Classifier", "&Train", "Ctrl+T", Has.MAP | Has.IDLE,
        "Train the classifier that the panel asks for",
    ),
    Command(
        "select_mistakes", "&Classifier", "&Select the mistakes", "Ctrl+M", Has.MAP,
        "Select the images that the classifier did not recognise", separator=True,
    ),
    Command(
        "sort_folder", "&Classifier", "Sort a &folder…", "", Has.MAP | Has.IDLE | Has.CLASSIFIER,
        "Copy the pictures of a folder into a folder for each class", separator=True,
    ),
    Command(
        "export_model", "&Classifier", "&Export the model…", "",
        Has.MAP | Has.IDLE | Has.CLASSIFIER,
        "Make one file of it for other programs: Keras, ONNX, TensorFlow Lite, OpenVINO",
    ),
    Command("zoom_in", "&View", "Zoom &in", "Ctrl++", Has.MAP, "Come nearer"),
    Command("zoom_out", "&View", "Zoom &out", "Ctrl+-", Has.MAP, "Go farther away"),
    Command("reset_view", "&View", "&Reset the view", "Ctrl+0", Has.MAP, "Return to the start"),
    Command(
        "fly_to_selection", "&View", "&Fly to the selection", "F", Has.MAP,
        "Let the selected points fill the view",
    ),
    Command(
        "turn_slowly", "&View", "&Turntable", "R", Has.MAP, "Turn the map slowly", checked=False
    ),
    Command("look_front", "&View", "From t&he front", "1", Has.MAP, separator=True),
    Command("look_side", "&View", "From the &side", "2", Has.MAP),
    Command("look_top", "&View", "From &above", "3", Has.MAP),
    Command("larger_points", "&View", "&Larger points", "]", Has.MAP, separator=True),
    Command("smaller_points", "&View", "S&maller points", "[", Has.MAP),
    Command("show_grid", "&View", "&Grid", "G", Has.MAP, separator=True, checked=True),
    Command("show_axes", "&View", "A&xes", "X", Has.MAP, checked=False),
    Command("show_names", "&View", "&Names of the groups", "N", Has.MAP, checked=True),
    Command(
        "show_pictures", "&View", "&Pictures on the points", "I", Has.MAP,
        "Draw pictures instead of some of the points", checked=False,
    ),
    Command(
        "save_picture", "&View", "Save as a pi&cture…", "Ctrl+Shift+S", Has.MAP,
        "Save the map as a PNG file", separator=True,
    ),
    Command(
        "show_panel", "&View", "Legend and pict&ure", "F9", Has.MAP, separator=True, checked=True
    ),
    Command("show_gallery", "&View", "Galler&y", "F8", Has.MAP, checked=True),
    Command(
        "show_tensorboard", "&View", "Tensor&Board", "Ctrl+B", Has.RUN,
        "Show the embeddings in TensorBoard's projector and the curves of trainings, or the map",
        separator=True,
    ),
    Command("show_shortcuts", "&Help", "&Keyboard shortcuts", "F1", tip="List every shortcut"),
    Command("show_about", "&Help", "&About Image Embedding", separator=True),
)  # fmt: skip
