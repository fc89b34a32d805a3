"""A training whose log for TensorBoard cannot be written is complete, and the window says so."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fixtures import SOON_MS, message_of, wait_for_job


def test_the_report_is_shown_beside_a_message_about_the_log(qtbot, embedded):
    root = embedded.project.state.opened.workspace
    (root / "logs").write_text("in the way")
    embedded.activateWindow()
    assert QTest.qWaitForWindowActive(embedded, SOON_MS)
    QTest.keyClick(embedded, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    wait_for_job(qtbot, embedded)
    assert "TensorBoard will not show all of this training" in message_of(embedded, qtbot)
    assert embedded.pages.map.training.report.isVisible()
    assert (embedded.project.state.trained.model / "model.json").is_file()
