"""Colours and measures of the window, light and dark. No other file names a colour or a margin."""

from dataclasses import dataclass
from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

SPACE = 8  # every margin and gap is a multiple of it, in device-independent pixels
RADIUS = 8
INDENT = 10  # of the text in a field
CHOICE = "colours"  # property of the application that holds the user's choice


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as ``#rrggbb``.

    window:  behind everything.      surface: cards, lists, fields.
    border:  lines and edges.        text:    what is read first.
    muted:   what is read second.    accent:  what can be done next.
    on_accent: text on it.           hover:   accent under the cursor.
    map:     behind the points.      ring:    around the point under the cursor.
    """

    is_dark: bool
    window: str
    surface: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    hover: str
    map: str
    ring: str


LIGHT = Theme(
    is_dark=False,
    window="#f4f5f8",
    surface="#ffffff",
    border="#d9dce3",
    text="#1d2129",
    muted="#5d6470",
    accent="#2f6fde",
    on_accent="#ffffff",
    hover="#255bbb",
    map="#fafafc",
    ring="#1d2129",
)
DARK = Theme(
    is_dark=True,
    window="#16181d",
    surface="#20232a",
    border="#363b45",
    text="#e8eaee",
    muted="#9aa2b0",
    accent="#5b93f5",
    on_accent="#0d1117",
    hover="#7aa8f8",
    map="#101216",
    ring="#ffffff",
)
CHOICES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def choose(app: QApplication, name: str) -> Theme:
    """Apply "light", "dark" or "system" to the whole program and return the colours."""
    app.setProperty(CHOICE, name)
    # Frames and dialogs that the system draws follow too, where the platform can do that.
    app.styleHints().setColorScheme(CHOICES.get(name, Qt.ColorScheme.Unknown))
    return apply(app)


def apply(app: QApplication) -> Theme:
    """Apply the colours that were chosen; the system may have changed since."""
    theme = current(app)
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))
    return theme


def current(app: QApplication) -> Theme:
    """Return the colours that were chosen, or those that the system asks for."""
    chosen = CHOICES.get(app.property(CHOICE), Qt.ColorScheme.Unknown)
    # Not every platform reports a scheme that was set, so a choice is not read back from it.
    if chosen == Qt.ColorScheme.Unknown:
        chosen = app.styleHints().colorScheme()
    return DARK if chosen == Qt.ColorScheme.Dark else LIGHT


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, roles in {
        theme.window: (role.Window, role.Button),
        theme.surface: (role.Base, role.ToolTipBase),
        theme.text: (role.WindowText, role.Text, role.ButtonText, role.ToolTipText),
        theme.muted: (role.PlaceholderText,),
        theme.accent: (role.Highlight, role.Link, role.Accent),
        theme.on_accent: (role.HighlightedText,),
        theme.border: (role.Mid,),
    }.items():
        for each in roles:
            palette.setColor(each, QColor(name))
    palette.setColor(role.AlternateBase, QColor(theme.window))
    faint = QColor(theme.muted)
    faint.setAlpha(140)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, faint)
    return palette


def _icon(theme: Theme, name: str) -> str:
    """Return the file of an icon that is seen in this theme."""
    file = f"{name}-dark.svg" if theme.is_dark else f"{name}-light.svg"
    return str(files("resources") / "icons" / file).replace("\\", "/")


def _style_sheet(theme: Theme) -> str:
    return f"""
    QFrame[card="true"] {{
        background: {theme.surface}; border: 1px solid {theme.border}; border-radius: {RADIUS}px;
    }}
    QFrame[drop="true"] {{ border: 2px dashed {theme.border}; }}
    QFrame[drop="true"][active="true"] {{ border-color: {theme.accent}; }}
    QLabel[muted="true"] {{ color: {theme.muted}; }}
    QLabel[title="true"] {{ font-size: 22pt; font-weight: 600; }}
    QLabel[heading="true"] {{ font-size: 13pt; font-weight: 600; }}
    QPushButton {{
        background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: {RADIUS - 2}px; padding: 6px 16px; color: {theme.text};
    }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QPushButton:hover, QPushButton:focus {{ border-color: {theme.accent}; }}
    QPushButton:disabled {{ color: {theme.muted}; }}
    QPushButton[primary="true"] {{
        background: {theme.accent}; color: {theme.on_accent}; border: 1px solid {theme.accent};
        font-weight: 600;
    }}
    QPushButton[primary="true"]:hover, QPushButton[primary="true"]:focus {{
        background: {theme.hover};
    }}
    QPushButton[primary="true"]:focus {{ border-color: {theme.text}; }}
    QPushButton[primary="true"]:disabled {{
        background: {theme.border}; color: {theme.muted}; border-color: {theme.border};
    }}
    QPushButton[row="true"] {{
        text-align: left; padding: {SPACE}px; background: transparent;
        border: 1px solid transparent;
    }}
    QPushButton[row="true"]:hover, QPushButton[row="true"]:focus {{ background: {theme.window}; }}
    QPushButton[row="true"]:focus {{ border-color: {theme.accent}; }}
    QToolButton, QComboBox, QLineEdit, QSpinBox, QDoubleSpinBox {{
        background: {theme.surface}; border: 1px solid {theme.border}; color: {theme.text};
        border-radius: {RADIUS - 2}px; padding: 4px {INDENT}px;
    }}
    QToolButton:hover, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus,
    QDoubleSpinBox:focus {{ border-color: {theme.accent}; }}
    QToolButton:checked {{
        background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent};
    }}
    QToolButton:checked:focus {{ border-color: {theme.text}; }}
    QToolButton[autoRaise="true"] {{ border-color: transparent; padding: 2px; }}
    QToolButton[autoRaise="true"]:hover, QToolButton[autoRaise="true"]:focus {{
        border-color: {theme.accent};
    }}
    QToolButton[section="true"] {{
        border: 1px solid transparent; padding: 4px 0; text-align: left; font-weight: 600;
    }}
    QToolButton[section="true"]:checked {{
        background: {theme.surface}; color: {theme.text}; border-color: transparent;
    }}
    QToolButton[section="true"]:hover, QToolButton[section="true"]:focus {{
        border-color: {theme.accent};
    }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{_icon(theme, "down")}"); width: 12px; height: 12px; }}
    QToolButton::menu-indicator {{
        image: url("{_icon(theme, "down")}"); width: 12px; height: 12px;
        subcontrol-origin: padding; subcontrol-position: center right; right: 6px;
    }}
    QComboBox QAbstractItemView {{ background: {theme.surface}; color: {theme.text}; }}
    QToolButton[popupMode="2"] {{ padding-right: 20px; }}
    QTreeView, QTableView, QListView {{
        background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: {RADIUS}px; outline: none;
    }}
    QFrame[card="true"] QTreeView {{
        border: 1px solid transparent; border-radius: {RADIUS - 2}px;
    }}
    QTreeView:focus, QTableView:focus, QListView:focus, QFrame[card="true"] QTreeView:focus {{
        border-color: {theme.accent};
    }}
    QTreeView::item, QListView::item {{ padding: 4px 2px; }}
    QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
    QDoubleSpinBox::down-button {{ border: none; width: 22px; }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{
        image: url("{_icon(theme, "up")}"); width: 10px; height: 10px;
    }}
    QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
        image: url("{_icon(theme, "down")}"); width: 10px; height: 10px;
    }}
    QCheckBox::indicator, QTreeView::indicator {{
        width: 14px; height: 14px; border: 1px solid {theme.muted}; border-radius: 3px;
        background: {theme.surface};
    }}
    QCheckBox::indicator:checked, QTreeView::indicator:checked {{
        background: {theme.accent}; border-color: {theme.accent};
        image: url("{_icon(theme, "check")}");
    }}
    QCheckBox::indicator:focus {{ border-color: {theme.accent}; }}
    QRadioButton::indicator {{
        width: 14px; height: 14px; border: 1px solid {theme.muted}; border-radius: 8px;
        background: {theme.surface};
    }}
    QRadioButton::indicator:checked {{
        width: 6px; height: 6px; border: 5px solid {theme.accent}; background: {theme.on_accent};
    }}
    QRadioButton::indicator:focus {{ border-color: {theme.accent}; }}
    QHeaderView {{ background: transparent; }}
    QHeaderView::section {{
        background: transparent; color: {theme.muted}; border: none;
        border-bottom: 1px solid {theme.border}; padding: 6px 4px;
    }}
    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{
        background: {theme.border}; border: none; border-radius: 3px; max-height: 6px;
    }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
    QStatusBar {{ color: {theme.muted}; border-top: 1px solid {theme.border}; }}
    QStatusBar::item {{ border: none; }}
    QStatusBar QPushButton {{ padding: 0 {SPACE}px; }}
    QStatusBar QLabel {{ color: {theme.muted}; padding: 0 {SPACE}px; }}
    QMenuBar {{ border-bottom: 1px solid {theme.border}; }}
    QSplitter::handle {{ background: {theme.border}; }}
    """
