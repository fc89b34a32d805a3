// Runs in each frame of TensorBoard before anything of it does. Written for TensorBoard 2.21.
function (chosen) {
  "use strict";
  const SETTINGS = "_tb_global_settings";
  const RELOAD_MS = 15000;

  // The page itself: curves that go on by themselves, colours of the window. The projector stays
  // light, since its dark mode turns all pictures into negatives.
  if (window === window.top) {
    const kept = JSON.parse(localStorage.getItem(SETTINGS) || "{}");
    const wanted = { autoReload: true, autoReloadPeriodInMs: RELOAD_MS };
    const theme = chosen.isDark ? "dark" : "light";
    localStorage.setItem(SETTINGS, JSON.stringify({ ...wanted, ...kept, theme }));
    return;
  }
  if (!location.pathname.endsWith("/projector_binary.html")) return;

  const find = (root, tag) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.tagName === tag) return element;
      const inside = element.shadowRoot && find(element.shadowRoot, tag);
      if (inside) return inside;
    }
    return null;
  };

  let seen = null; // the data of another run, from which was changed
  const look = () => {
    const projector = find(document, "VZ-PROJECTOR");
    const data = projector && projector.dataSet;
    // With a projection, the page's own work at the start is over and changes nothing any more.
    if (!data || !projector.projection || data === seen) return false;
    const panel = projector.dataPanel;
    const names = (panel.tensorNames || []).map((each) => each.name);
    if (panel.selectedTensor !== chosen.tensor && names.includes(chosen.tensor)) {
      seen = data;
      panel.selectedTensor = chosen.tensor;
      return false;
    }
    if (!data.spriteAndMetadataInfo || !data.spriteAndMetadataInfo.stats) return false;
    const [state] = projector.bookmarkPanel.savedStates;
    if (!state || state.projections.length !== data.points.length) return false;
    // A bookmark replaces all coordinates: those that the page has found stay beside ours, so that
    // it has something to draw in its other tabs and for the components that we do not give.
    state.projections.forEach((ours, row) => {
      state.projections[row] = { ...data.points[row].projections, ...ours };
    });
    // Else a visit to its tab would start to compute what is there.
    data.hasUmapRun = data.hasUmapRun || state.selectedProjection === "umap";
    projector.bookmarkPanel.loadSavedState(0);
    projector.bookmarkPanel.setSelectionState(0, true);
    panel.selectedLabelOption = state.selectedLabelOption;
    return true;
  };
  const timer = setInterval(() => look() && clearInterval(timer), 100);
}
