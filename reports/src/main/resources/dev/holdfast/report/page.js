"use strict";
// What the page does beyond showing: tables that sort and filter, the flame graph. Nothing below is needed to read it.
(() => {
  document.documentElement.classList.add("js");

  // Elements are made with text and attributes only: what comes from a dump is never read as markup.
  const make = (tag, attributes, ...content) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...content);
    return element;
  };
  const count = (value) => value.toLocaleString("en-US");
  const bytes = (value) => {
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let unit = 0;
    while (value >= 1024 && unit + 1 < units.length) {
      value /= 1024;
      unit++;
    }
    return (unit === 0 ? value : value.toFixed(1)) + " " + units[unit];
  };
  const share = (part, whole) => (whole === 0 ? "-" : ((100 * part) / whole).toFixed(1) + " %");

  // ---- tables

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };

  const sortBy = (table, column) => {
    const heading = table.tHead.rows[0].cells[column];
    const rows = [...table.tBodies[0].rows];
    const numbers = rows.some((row) => row.cells[column].dataset.v !== undefined);
    const before = heading.getAttribute("aria-sort");
    const descending = before === null ? numbers : before === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const sign = descending ? -1 : 1;
    const keyed = rows.map((row) => ({ row, key: value(row, column) }));
    keyed.sort((a, b) => sign * (numbers ? a.key - b.key : a.key.localeCompare(b.key, "en")));
    table.tBodies[0].append(...keyed.map((each) => each.row));
  };

  const filter = (table, text, shown) => {
    const wanted = text.trim().toLowerCase();
    let left = 0;
    for (const row of table.tBodies[0].rows) {
      const titles = [...row.querySelectorAll("[title]")].map((each) => each.title).join(" ");
      row.hidden = wanted !== "" && !(row.textContent + " " + titles).toLowerCase().includes(wanted);
      left += row.hidden ? 0 : 1;
    }
    const all = table.tBodies[0].rows.length;
    shown.textContent = wanted === "" ? count(all) + " rows" : count(left) + " of " + count(all) + " rows";
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.closest(".fallback")) continue;
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = make("button", { type: "button" }, ...heading.childNodes);
      button.addEventListener("click", () => sortBy(table, column));
      heading.append(button);
    });
    if (table.tBodies[0].rows.length >= 10) {
      const label = table.getAttribute("aria-label") || "table";
      const input = make("input", { type: "search", placeholder: "Filter", "aria-label": "Filter: " + label });
      const shown = make("output");
      input.addEventListener("input", () => filter(table, input.value, shown));
      (table.closest(".scroll") || table).before(make("div", { class: "tools" }, input, shown));
      filter(table, "", shown);
    }
  }

  // ---- levels that open

  for (const tree of document.querySelectorAll(".tree")) {
    const all = (open) => () => {
      for (const each of tree.querySelectorAll("details")) each.open = open;
    };
    const opening = make("button", { type: "button" }, "Open all");
    const closing = make("button", { type: "button" }, "Close all");
    opening.addEventListener("click", all(true));
    closing.addEventListener("click", all(false));
    tree.before(make("div", { class: "tools" }, opening, closing));
  }
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      each.open = true;
      opened.push(each);
    }
  });
  addEventListener("afterprint", () => {
    for (const each of opened.splice(0)) each.open = false;
  });

  // ---- where one is on the page

  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const seen = new Set();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
      const first = [...links.keys()].find((id) => seen.has(id));
      for (const [id, link] of links) {
        if (id === first) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-64px 0px -55% 0px" },
  );
  for (const section of document.querySelectorAll("main > section")) watcher.observe(section);

  // ---- flame graph

  const box = document.getElementById("flame");
  if (box) flame(box, JSON.parse(document.getElementById("flame-data").textContent));

  function flame(box, data) {
    const ROW = 21;
    const size = data.frames.length / 4;
    const depth = new Uint8Array(size);
    const name = new Uint32Array(size);
    const parent = new Int32Array(size);
    const end = new Int32Array(size); // after the last frame below
    const values = { bytes: new Float64Array(size), objects: new Float64Array(size) };
    const path = [];
    for (let i = 0; i < size; i++) {
      depth[i] = data.frames[4 * i];
      name[i] = data.frames[4 * i + 1];
      values.bytes[i] = data.frames[4 * i + 2];
      values.objects[i] = data.frames[4 * i + 3];
      parent[i] = i === 0 ? -1 : path[depth[i] - 1];
      path[depth[i]] = i;
      end[i] = i + 1;
    }
    for (let i = size - 1; i > 0; i--) {
      values.bytes[parent[i]] += values.bytes[i];
      values.objects[parent[i]] += values.objects[i];
      end[parent[i]] = Math.max(end[parent[i]], end[i]);
    }
    const text = (frame) => data.names[name[frame]];
    const print = { bytes, objects: count };

    // Colour goes by package: what belongs together looks alike.
    const packageOf = /([\w./\-~]+)\.[^./]*$/;
    const hues = data.names.map((each) => {
      const found = packageOf.exec(each);
      const key = found ? found[1] : "";
      let hash = 7;
      for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) | 0;
      return 25 + (Math.abs(hash) % 19) * 14; // neither the red of warnings nor the violet of matches
    });
    // Without packages, for bars that are too short for the whole name: its end says most.
    const short = data.names.map((each) => each.replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z])/g, "").replace(/[\w.\-~]+\//g, ""));

    let measure = "bytes";
    let zoom = 0;
    let at = -1;
    let wanted = "";
    let hits = null;

    const search = make("input", { type: "search", placeholder: "Search", "aria-label": "Search the flame graph" });
    const found = make("output", { class: "found" });
    const reset = make("button", { type: "button" }, "Reset");
    const radio = (id, label) => {
      const input = make("input", { type: "radio", name: "flame-measure", value: id });
      input.checked = id === measure;
      input.addEventListener("change", () => {
        measure = id;
        draw();
      });
      return make("label", {}, input, label);
    };
    const choice = make("fieldset", { class: "switch", "aria-label": "Width" }, radio("bytes", "Bytes"), radio("objects", "Objects"));
    const crumbs = make("ol", { class: "crumbs", "aria-label": "Zoomed in to" });
    const canvas = make("div");
    const frames = make("div", {
      class: "chart", tabindex: "0", role: "tree",
      "aria-label": "Flame graph: arrows move, Enter zooms in, Escape zooms out",
    }, canvas);
    const detail = make("p", { class: "detail", role: "status" });
    const data_ = box.querySelector("#flame-data");
    data_.before(make("div", { class: "tools" }, choice, search, reset, found), crumbs, frames, detail);

    const label = (frame, width) => {
      const room = (width - 8) / 7.3;
      const full = text(frame);
      return full.length <= room ? full : short[name[frame]];
    };

    const isHit = (frame) => hits !== null && hits[name[frame]] === 1;

    function draw() {
      const value = values[measure];
      const whole = value[zoom];
      const width = frames.clientWidth || 1000;
      const left = new Float64Array(end[zoom] - zoom); // where the next child begins
      const made = document.createDocumentFragment();
      let deepest = 0;
      for (let i = zoom; i < end[zoom]; ) {
        const wide = whole === 0 ? (i === zoom ? 1 : 0) : value[i] / whole;
        const x = i === zoom ? 0 : left[parent[i] - zoom];
        if (i !== zoom) left[parent[i] - zoom] += wide;
        left[i - zoom] = x;
        if (wide * width < 0.7) {
          i = end[i];
          continue;
        }
        const level = depth[i] - depth[zoom];
        deepest = Math.max(deepest, level);
        const bar = document.createElement("div");
        const full = text(i);
        const thin = wide * width < 22;
        bar.className =
          "frame" + (thin ? " thin" : "") + (depth[i] <= 1 ? " root" : full === "(other)" ? " rest" : "") + (isHit(i) ? " hit" : "");
        bar.id = "frame-" + i;
        bar.dataset.frame = i;
        bar.setAttribute("role", "treeitem");
        bar.setAttribute("aria-level", depth[i] + 1);
        if (!thin) bar.textContent = label(i, wide * width);
        bar.style.cssText = `left:${(100 * x).toFixed(3)}%;width:${(100 * wide).toFixed(3)}%;top:${level * ROW}px;--h:${hues[name[i]]}`;
        made.append(bar);
        i++;
      }
      canvas.replaceChildren(made);
      canvas.style.height = (deepest + 1) * ROW + "px";
      box.classList.toggle("searching", hits !== null);
      box.dataset.zoom = zoom;
      box.dataset.measure = measure;
      reset.disabled = zoom === 0 && hits === null;
      trail();
      if (at >= 0 && !document.getElementById("frame-" + at)) at = zoom;
      mark();
      matches();
    }

    function trail() {
      const up = [];
      for (let i = zoom; i >= 0; i = parent[i]) up.unshift(i);
      const items = up.map((i) => {
        if (i === zoom) return make("li", { "aria-current": "true" }, i === 0 ? "all" : short[name[i]]);
        const button = make("button", { type: "button" }, i === 0 ? "all" : short[name[i]]);
        button.addEventListener("click", () => go(i));
        return make("li", {}, button);
      });
      if (items.length > 9) items.splice(3, items.length - 8, make("li", {}, "…"));
      crumbs.replaceChildren(...items);
      crumbs.hidden = zoom === 0;
    }

    // Matches below a match are part of it and not counted again.
    function matches() {
      if (hits === null) {
        found.textContent = "";
        return;
      }
      const value = values[measure];
      let sum = 0;
      let bars = 0;
      for (let i = 1; i < size; i++) bars += isHit(i) ? 1 : 0;
      for (let i = 1; i < size; i = isHit(i) ? end[i] : i + 1) sum += isHit(i) ? value[i] : 0;
      found.textContent =
        bars === 0 ? "no match" : `${count(bars)} frames, ${print[measure](sum)}${measure === "objects" ? " objects" : ""}, ${share(sum, value[0])} of all`;
      found.dataset.sum = sum;
    }

    function describe(frame) {
      if (frame < 0) {
        detail.replaceChildren(make("span", {}, "Click a bar to zoom in. Keyboard: arrows move, Enter zooms in, Escape zooms out."));
        return;
      }
      const value = values[measure];
      const above = parent[frame];
      detail.dataset.frame = frame;
      detail.replaceChildren(
        make("b", {}, text(frame)),
        document.createElement("br"),
        `${bytes(values.bytes[frame])} retained in ${count(values.objects[frame])} objects`,
        make("span", {}, `, ${share(value[frame], value[0])} of all${measure === "objects" ? " objects" : ""}`),
      );
      if (above > 0) {
        const named = text(above).length > 90 ? text(above).slice(0, 40) + "…" + text(above).slice(-45) : text(above);
        detail.append(make("span", {}, `, ${share(value[frame], value[above])} of ${named}`));
      }
    }

    function mark() {
      for (const other of canvas.querySelectorAll(".at")) other.classList.remove("at");
      const bar = at < 0 ? null : document.getElementById("frame-" + at);
      if (bar) {
        bar.classList.add("at");
        bar.setAttribute("aria-label", text(at) + ", " + bytes(values.bytes[at]) + ", " + share(values.bytes[at], values.bytes[0]));
        frames.setAttribute("aria-activedescendant", bar.id);
        const top = bar.offsetTop;
        if (top < frames.scrollTop) frames.scrollTop = top;
        else if (top + ROW > frames.scrollTop + frames.clientHeight) frames.scrollTop = top + ROW - frames.clientHeight;
      } else {
        frames.removeAttribute("aria-activedescendant");
      }
      describe(at);
    }

    function go(frame) {
      zoom = frame;
      at = frame === 0 ? -1 : frame;
      frames.scrollTop = 0;
      draw();
    }

    function find(words) {
      wanted = words.trim().toLowerCase();
      hits = wanted === "" ? null : Uint8Array.from(data.names, (each, i) => (i > 0 && each.toLowerCase().includes(wanted) ? 1 : 0));
      draw();
    }

    const drawn = (frame) => frame >= 0 && document.getElementById("frame-" + frame) !== null;
    function move(key) {
      if (at < 0 || !drawn(at)) return zoom;
      if (key === "ArrowUp") return at === zoom ? at : parent[at];
      if (key === "ArrowDown") {
        // The widest, which by objects need not be the first.
        let best = -1;
        for (let i = at + 1; i < end[at]; i = end[i]) {
          if (drawn(i) && (best < 0 || values[measure][i] > values[measure][best])) best = i;
        }
        return best < 0 ? at : best;
      }
      if (at === zoom) return at;
      const siblings = [];
      for (let i = parent[at] + 1; i < end[parent[at]]; i = end[i]) if (drawn(i)) siblings.push(i);
      const next = siblings.indexOf(at) + (key === "ArrowRight" ? 1 : -1);
      return siblings[next] === undefined ? at : siblings[next];
    }

    const over = (event) => {
      const bar = event.target.closest(".frame");
      return bar ? Number(bar.dataset.frame) : -1;
    };
    canvas.addEventListener("click", (event) => {
      const frame = over(event);
      if (frame >= 0) go(frame === zoom && zoom > 0 ? parent[zoom] : frame);
    });
    // Not "over": that comes too when a click has put another bar below a pointer that rests.
    let pointed = -1;
    canvas.addEventListener("pointermove", (event) => {
      const frame = over(event);
      if (frame >= 0 && frame !== pointed) describe(frame);
      pointed = frame;
    });
    canvas.addEventListener("pointerleave", () => {
      pointed = -1;
      describe(at);
    });
    frames.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key.startsWith("Arrow")) {
        at = move(event.key);
        mark();
      } else if (event.key === "Enter" && at >= 0) {
        go(at);
      } else if (event.key === "Escape") {
        if (zoom > 0) go(parent[zoom]);
        else find((search.value = ""));
      } else if (event.key === "Home") {
        go(0);
      } else {
        return;
      }
      event.preventDefault();
    });
    search.addEventListener("input", () => find(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") find((search.value = ""));
    });
    reset.addEventListener("click", () => {
      search.value = "";
      hits = null;
      go(0);
    });
    let drawnAt = 0;
    new ResizeObserver(() => {
      if (frames.clientWidth !== drawnAt) {
        drawnAt = frames.clientWidth;
        draw();
      }
    }).observe(frames);
    drawnAt = frames.clientWidth;
    draw();
  }
})();
