"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const canvas = document.getElementById("map"), pen = canvas.getContext("2d");
  const tip = document.getElementById("tip"), picture = document.getElementById("tip-picture");
  const said = document.getElementById("tip-text"), legend = document.getElementById("legend");
  const points = new Float32Array(
    Uint8Array.from(atob(data.points), (letter) => letter.charCodeAt(0)).buffer);
  const count = data.paths.length, flat = data.dims === 2;
  const START = flat ? [-Math.PI / 2, Math.PI / 2] : [0.61, 0.38];
  const FEWEST = 1500, FRAME_MS = 30, REACH = 12, LEVELS = 4;
  let few = 12000;  // points that are drawn while the view moves: as many as this machine can
  let [azimuth, elevation] = START, zoom = 1, shiftX = 0, shiftY = 0;
  let width = 0, height = 0, ratio = 1, colouring = 0, hovered = -1, moving = false, asked = false;
  let resting = 0, drawn = 0;
  const hidden = data.colourings.map(() => new Set());
  const screenX = new Float32Array(count), screenY = new Float32Array(count);
  const depth = new Float32Array(count), order = new Uint32Array(count);
  // In one random order, so that the first few are a faithful picture of all.
  const shuffled = Uint32Array.from({ length: count }, (_, row) => row);
  for (let row = count - 1, seed = 1; row > 0; row--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = seed % (row + 1);
    [shuffled[row], shuffled[other]] = [shuffled[other], shuffled[row]];
  }

  const groupOf = (row) => data.colourings[colouring].groups[row];
  const isShown = (row) => !hidden[colouring].has(groupOf(row));

  function place(rows) {
    const sinA = Math.sin(azimuth), cosA = Math.cos(azimuth);
    const sinE = Math.sin(elevation), cosE = Math.cos(elevation);
    const scale = 0.44 * Math.min(width, height) * zoom;
    for (const row of rows) {
      const x = points[3 * row], y = points[3 * row + 1], z = points[3 * row + 2];
      const across = -x * sinA + y * cosA, towards = x * cosA + y * sinA;
      screenX[row] = width / 2 + shiftX + across * scale;
      screenY[row] = height / 2 + shiftY - (z * cosE - towards * sinE) * scale;
      depth[row] = z * sinE + towards * cosE;
    }
  }

  /** Far points first: sorted by counting into 256 layers. */
  function sort(rows) {
    let low = Infinity, high = -Infinity;
    for (const row of rows) { low = Math.min(low, depth[row]); high = Math.max(high, depth[row]); }
    const span = Math.max(high - low, 1e-9), starts = new Uint32Array(257);
    const layer = (row) => Math.min(255, Math.floor(256 * (depth[row] - low) / span));
    for (const row of rows) starts[layer(row) + 1]++;
    for (let number = 0; number < 256; number++) starts[number + 1] += starts[number];
    const part = order.subarray(0, rows.length);
    for (const row of rows) part[starts[layer(row)]++] = row;
    return [part, (row) => (depth[row] - low) / span];
  }

  function draw() {
    asked = false;
    const begun = performance.now(), some = moving ? shuffled.subarray(0, few) : shuffled;
    place(some);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const [rows, nearness] = sort(some);
    const radius = Math.max(1.6, Math.min(5, 110 / Math.sqrt(count))) * Math.sqrt(Math.max(zoom, 0.6));
    const colours = data.colourings[colouring].colours;
    const small = radius < 2;
    let lastColour = "", lastLevel = 0;
    for (const row of rows) {
      const x = screenX[row], y = screenY[row];
      if (x < -9 || y < -9 || x > width + 9 || y > height + 9 || !isShown(row)) continue;
      const level = flat ? 1 : Math.ceil(nearness(row) * LEVELS) / LEVELS;
      const colour = colours[groupOf(row)];
      if (level !== lastLevel) { pen.globalAlpha = 0.55 + 0.45 * level; lastLevel = level; }
      if (colour !== lastColour) { pen.fillStyle = colour; lastColour = colour; }
      if (small) { pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius); continue; }
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
    if (moving && begun - drawn < 500) {  // what is painted after this counts, too
      const wanted = few * FRAME_MS / Math.max(begun - drawn, 1);
      few = Math.round(Math.max(FEWEST, Math.min(count, few * 0.7 + wanted * 0.3)));
    }
    drawn = begun;
    if (hovered >= 0 && isShown(hovered)) {
      pen.strokeStyle = getComputedStyle(document.body).color;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(screenX[hovered], screenY[hovered], radius + 3, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  function ask() {
    if (!asked) { asked = true; requestAnimationFrame(draw); }
  }

  /** Draw fewer points while the view moves, and all of them when it rests. */
  function move() {
    moving = true;
    point(-1);
    clearTimeout(resting);
    resting = setTimeout(() => { moving = false; ask(); }, 160);
    ask();
  }

  function nearest(x, y) {
    let best = -1, bestDistance = REACH * REACH, bestDepth = -Infinity;
    for (let row = 0; row < count; row++) {
      const distance = (screenX[row] - x) ** 2 + (screenY[row] - y) ** 2;
      if (distance > bestDistance || !isShown(row)) continue;
      if (distance < bestDistance - 9 || depth[row] > bestDepth) {
        best = row; bestDistance = distance; bestDepth = depth[row];
      }
    }
    return best;
  }

  function point(row) {
    if (row === hovered) return;
    hovered = row;
    tip.hidden = row < 0;
    ask();
    if (row < 0) return;
    picture.hidden = !data.pictures[row];
    if (data.pictures[row]) picture.src = data.pictures[row];
    said.textContent = [data.paths[row], ...data.facts.map((fact) => {
      const text = fact.names[fact.values[row]];
      const share = fact.shares && fact.shares[row] >= 0 ? ` (${fact.shares[row]} %)` : "";
      return text ? `${fact.title}: ${text}${share}` : "";
    })].filter(Boolean).join("\n");
    const x = screenX[row], y = screenY[row];
    tip.style.left = `${Math.max(0, Math.min(x + 14, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 14 + tip.offsetHeight > height ? Math.max(0, y - tip.offsetHeight - 14) : y + 14}px`;
  }

  function fillLegend() {
    legend.replaceChildren(...data.colourings[colouring].names.map((name, number) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      for (const key of ["cx", "cy", "r"]) dot.setAttribute(key, "6");
      dot.setAttribute("fill", data.colourings[colouring].colours[number]);
      svg.append(dot);
      const text = document.createElement("span"), many = document.createElement("span");
      text.className = "name"; text.textContent = name || "(none)"; text.title = name;
      many.className = "count";
      many.textContent = data.colourings[colouring].counts[number].toLocaleString("en");
      button.type = "button";
      button.setAttribute("aria-pressed", String(!hidden[colouring].has(number)));
      button.append(svg, text, many);
      button.addEventListener("click", () => {
        const set = hidden[colouring];
        if (!set.delete(number)) set.add(number);
        button.setAttribute("aria-pressed", String(!set.has(number)));
        point(-1);
        ask();
      });
      item.append(button);
      return item;
    }));
  }

  function turn(right, up) {
    azimuth -= right;
    elevation = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, elevation + up));
  }

  function zoomAt(factor, x, y) {
    const next = Math.max(0.2, Math.min(60, zoom * factor)), by = next / zoom;
    shiftX = (x - width / 2) * (1 - by) + shiftX * by;
    shiftY = (y - height / 2) * (1 - by) + shiftY * by;
    zoom = next;
    move();
  }

  function reset() {
    [azimuth, elevation] = START;
    zoom = 1; shiftX = 0; shiftY = 0;
    move();
  }

  const held = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) { point(nearest(event.offsetX, event.offsetY)); return; }
    held.set(event.pointerId, event);
    const x = event.clientX - before.clientX, y = event.clientY - before.clientY;
    if (held.size === 2) {
      const [one, two] = [...held.values()], other = one === event ? two : one;
      const far = (each) => Math.hypot(each.clientX - other.clientX, each.clientY - other.clientY);
      zoomAt(far(event) / Math.max(far(before), 1), event.offsetX, event.offsetY);
    } else if (flat || before.shiftKey || before.buttons & 6) {
      shiftX += x; shiftY += y;
    } else {
      turn(x * 0.008, y * 0.008);
    }
    move();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => held.delete(event.pointerId));
  }
  canvas.addEventListener("pointerleave", () => point(-1));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", reset);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoomAt(Math.exp(-event.deltaY * lines * 0.0015), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const keys = {
      ArrowLeft: () => turn(-0.1, 0), ArrowRight: () => turn(0.1, 0),
      ArrowUp: () => turn(0, -0.1), ArrowDown: () => turn(0, 0.1),
      "+": () => zoomAt(1.2, width / 2, height / 2), "-": () => zoomAt(1 / 1.2, width / 2, height / 2),
      0: reset,
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!flat || !event.key.startsWith("Arrow")) keys[event.key]();
    move();
  });
  document.getElementById("reset").addEventListener("click", reset);

  const chooser = document.getElementById("colour-by");
  chooser.replaceChildren(...data.colourings.map((each) => new Option(each.title)));
  document.getElementById("colouring").hidden = data.colourings.length < 2;
  chooser.addEventListener("change", () => {
    colouring = chooser.selectedIndex;
    fillLegend();
    point(-1);
    ask();
  });

  new ResizeObserver(() => {
    ratio = window.devicePixelRatio || 1;
    width = canvas.clientWidth; height = canvas.clientHeight;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    draw();
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ask);
  for (const cell of document.querySelectorAll("td[data-share]")) {
    const kind = cell.dataset.right ? "--right" : "--wrong";
    cell.style.background = `rgba(var(${kind}), ${Math.min(1, 0.08 + 0.7 * cell.dataset.share)})`;
  }
  fillLegend();
})();
