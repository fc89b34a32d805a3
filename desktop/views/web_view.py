"""A web page of one server of this computer, and nothing else. The only file with QtWebEngine."""

import json
from importlib.resources import files

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

WITHOUT_SERVER = ("about", "blob", "data")  # addresses of what a page has made itself
WEB = ("http", "https")
HAS_WEBGL = """
(() => { const canvas = document.createElement("canvas");
         return !!(canvas.getContext("webgl2") || canvas.getContext("webgl")); })()
"""


class Guard(QWebEngineUrlRequestInterceptor):
    """Lets a page ask its own server alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = QUrl()

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Block whatever goes elsewhere."""
        if not self.lets_through(info.requestUrl()):
            info.block(True)

    def lets_through(self, url: QUrl) -> bool:
        """Tell whether an address is one of the server's, or of what a page has made itself."""
        own = (self.address.scheme(), self.address.host(), self.address.port())
        asked = (url.scheme(), url.host(), url.port())
        return url.scheme() in WITHOUT_SERVER or asked == own


class Page(QWebEnginePage):
    """A page that stays where it is: what leads elsewhere is told, and opens in the browser."""

    left = Signal(QUrl)  # where the user wanted to go

    def __init__(self, profile: QWebEngineProfile, guard: Guard, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._guard = guard
        self.newWindowRequested.connect(self._refuse_window)
        self.permissionRequested.connect(self._refuse_permission)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        """Go on only within the server."""
        wanted = QUrl(url)
        if self._guard.lets_through(wanted):
            return True
        if kind == QWebEnginePage.NavigationType.NavigationTypeLinkClicked:
            self._leave(wanted)
        return False

    def _refuse_window(self, request: QWebEngineNewWindowRequest) -> None:
        if request.isUserInitiated():
            self._leave(request.requestedUrl())

    def _refuse_permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()

    def _leave(self, url: QUrl) -> None:
        if url.scheme() in WEB:
            self.left.emit(url)


class WebView(QWebEngineView):
    """Shows TensorBoard. Nothing of it is kept on disk; it may download and ask for nothing.

    Call `leave` before it is deleted.
    """

    link_followed = Signal(QUrl)  # one that leads elsewhere
    download_refused = Signal()
    broken = Signal()  # the process that draws the page ended
    without_webgl = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = QWebEngineProfile(self)  # without a name: off the record
        self._guard = Guard(self)
        self._profile.setUrlRequestInterceptor(self._guard)
        self._profile.downloadRequested.connect(self._refuse_download)
        self._page = Page(self._profile, self._guard, self)
        self._page.left.connect(self.link_followed)
        self._page.renderProcessTerminated.connect(lambda *_: self.broken.emit())
        self._page.loadFinished.connect(self._loaded)
        off = QWebEngineSettings.WebAttribute
        for attribute in (
            off.PluginsEnabled, off.PdfViewerEnabled, off.HyperlinkAuditingEnabled,
            off.ScreenCaptureEnabled, off.LocalContentCanAccessRemoteUrls,
            off.JavascriptCanAccessClipboard, off.DnsPrefetchEnabled,
        ):  # fmt: skip
            self._page.settings().setAttribute(attribute, False)
        self.setPage(self._page)

    def show_board(self, address: str, tensor: str, is_dark: bool) -> None:
        """Load TensorBoard with its projector in front, and our map in it.

        What is shown already is loaded anew, and the user stays at its dashboard of then.

        Parameters
        ----------
        address
            Of the server.
        tensor
            Which of the exports is to be seen.
        is_dark
            Whether to use dark colours.
        """
        self._guard.address = QUrl(address)
        source = (files("resources") / "web" / "tensorboard.js").read_text("utf-8")
        chosen = json.dumps({"tensor": tensor, "isDark": is_dark})
        script = QWebEngineScript()
        script.setSourceCode(f"({source})({chosen});")
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
        script.setRunsOnSubFrames(True)
        self._page.scripts().clear()
        self._page.scripts().insert(script)
        now = self.url()
        if self._guard.lets_through(now) and now.path() == self._guard.address.path():
            # To load it would only go to its projector.
            self.triggerPageAction(QWebEnginePage.WebAction.Reload)
        else:
            self.load(QUrl(f"{address}#projector"))

    def leave(self) -> None:
        """End the page, and only then what it belongs to."""
        self._page.deleteLater()
        self._profile.deleteLater()

    def _loaded(self, is_well: bool) -> None:
        if is_well:
            self._page.runJavaScript(HAS_WEBGL, 0, self._tell_webgl)

    def _tell_webgl(self, there_is: object) -> None:
        if there_is is False:
            self.without_webgl.emit()

    def _refuse_download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        self.download_refused.emit()
