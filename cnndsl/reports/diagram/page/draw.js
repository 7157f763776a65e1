// Draws a layout as SVG, in the look of the static picture. What stays is moved, so that the eye can follow it.

const SVG = "http://www.w3.org/2000/svg";
const HEADING_HEIGHT = 16, STRIP_HEIGHT = 15, TOP = 3, HANDLE = 5.5;
const HEAT_BOUNDS = [0.01, 0.05, 0.1, 0.25];

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function svgText(text, x, y, className, anchor = "start") {
  const element = svg("text", { x, y, class: className, "text-anchor": anchor });
  element.textContent = text;
  return element;
}

class Drawing {
  constructor(root, heat) {
    this.root = root;
    this.heat = heat;
    this.frames = svg("g", { "aria-hidden": "true" });
    this.lines = svg("g", { "aria-hidden": "true" });
    this.parts = svg("g", {});
    this.shown = new Map();
    root.replaceChildren(this.frames, this.lines, this.parts);
  }

  draw(layout) {
    this.layout = layout;
    this.frames.replaceChildren(...[...layout.clusters].map(([number, place]) => frameOf(number, place)));
    this.lines.replaceChildren(...layout.edges.flatMap(edgeOf));
    const wanted = network.parts.map((_, number) => number).filter((number) => this.isSeen(number));
    for (const [number, element] of this.shown) {
      if (this.isSeen(number)) continue;
      element.remove();
      this.shown.delete(number);
    }
    wanted.forEach((number, place) => this.drawPart(number, place));
  }

  isSeen(number) {
    return this.layout.boxes.has(number) || (this.layout.clusters.has(number) && Boolean(network.parts[number].kind));
  }

  // A box, or the title of an open block, in its place among the others: readers of the screen meet them in that order.
  drawPart(number, place) {
    const part = network.parts[number], box = this.layout.boxes.get(number);
    const at = box ?? this.layout.clusters.get(number);
    const element = this.shown.get(number) ?? svg("g", { id: part.id, role: "button", tabindex: -1, "data-part": number });
    element.setAttribute("class", box ? `node ${part.kind}` : "title");
    element.setAttribute("aria-label", nameOf(part));
    if (part.children) element.setAttribute("aria-expanded", String(!box));
    element.style.transform = `translate(${at.x}px, ${at.top ?? at.y}px)`;
    element.replaceChildren(...(box ? this.contents(part, at) : titleContents(at)));
    if (!this.shown.has(number)) element.classList.add("new");
    if (this.parts.children[place] !== element) this.parts.insertBefore(element, this.parts.children[place] ?? null);
    this.shown.set(number, element);
  }

  contents(part, { width, height, rows }) {
    const rounding = part.kind === "io" ? 7 : 0;
    const inset = part.kind === "block" ? 1 : 0.5; // half the border, which is within the box
    const body = { x: inset, y: inset, width: width - 2 * inset, height: height - 2 * inset, rx: rounding };
    const drawn = [
      svg("rect", { class: "halo", x: -3.5, y: -3.5, width: width + 7, height: height + 7, rx: 4 }),
      svg("rect", { class: `body ${this.heatClass(part)}`, ...body }),
      ...this.rows(part, rows, width),
      ...this.strips(part, width, height),
    ];
    return part.children ? [...drawn, ...handle("+")] : drawn;
  }

  heatClass(part) {
    if (this.heat === null) return "";
    const share = shareOf(part, this.heat);
    return `heat${HEAT_BOUNDS.filter((bound) => share >= bound).length}`;
  }

  rows(part, rows, width) {
    const drawn = [];
    let y = TOP;
    rows.forEach(([left, right], number) => {
      const isFirst = number === 0;
      const baseline = y + (isFirst ? 12 : 9.8);
      const isMiddle = part.kind === "io";
      const x = isMiddle ? width / 2 : TEXT_MARGIN;
      drawn.push(svgText(left, x, baseline, isFirst ? "heading" : "detail", isMiddle ? "middle" : "start"));
      if (right) drawn.push(svgText(right, width - TEXT_MARGIN, baseline, "detail", "end"));
      y += isFirst ? HEADING_HEIGHT : DETAIL_HEIGHT;
    });
    return drawn;
  }

  strips(part, width, height) {
    const drawn = [], rows = part.strips ?? [];
    rows.forEach((strips, row) => {
      const y = height - STRIP_HEIGHT * (rows.length - row);
      strips.forEach(([kind, text], number) => {
        const from = Math.floor((width * number) / strips.length);
        const to = Math.floor((width * (number + 1)) / strips.length);
        const fill = this.heat === null ? kind : this.heatClass(part);
        const place = { x: from + 0.5, y: y - 0.5, width: to - from - 1, height: STRIP_HEIGHT };
        drawn.push(svg("rect", { class: `strip ${fill}`, ...place }));
        drawn.push(svgText(text, (from + to) / 2, y + 10.6, "strip-text", "middle"));
      });
    });
    return drawn;
  }
}

// The little square at the corner of a block, which says what a click does.
function handle(sign) {
  const lines = sign === "+" ? "M-3,0H3M0,-3V3" : "M-3,0H3";
  return [
    svg("rect", { class: "handle", x: -HANDLE, y: -HANDLE, width: 2 * HANDLE, height: 2 * HANDLE, rx: 2 }),
    svg("path", { class: "sign", d: lines }),
  ];
}

function titleContents({ width, lines }) {
  const widest = Math.max(24, ...lines.map(({ text, bold }) => textWidth(text, SHAPE_SIZE, bold) + 12));
  const height = Math.max(14, TITLE_LEADING * lines.length + 4);
  const texts = lines.map(({ text, bold }, number) => {
    return svgText(text, 8, 12.5 + TITLE_LEADING * number, bold ? "title-name" : "title-call");
  });
  const room = { x: 0, y: 0, width: Math.min(widest + 4, width), height, rx: 3 };
  return [svg("rect", { class: "halo", ...room }), svg("rect", { class: "hit", ...room }), ...texts, ...handle("-")];
}

function frameOf(number, { x, y, top, width, height, lines }) {
  const part = network.parts[number];
  const drawn = svg("g", { class: "frame new", "data-frame": number });
  drawn.append(svg("rect", { x, y, width, height, rx: 7 }));
  if (!part.kind) drawn.append(...lines.map(({ text }, line) => svgText(text, x + 6, (top ?? y) + 12.5 + TITLE_LEADING * line, "title-name")));
  return drawn;
}

function edgeOf(edge) {
  const ends = { "data-source": edge.source, "data-target": edge.target };
  const line = svg("g", { class: edge.isSkip ? "edge skip new" : "edge new", ...ends });
  line.append(svg("path", { class: "wire", d: curve(edge.stroke) }));
  line.append(svg("path", { class: "arrow", d: arrowHead(edge.path) }));
  if (edge.label) {
    const [x, y] = edge.labelAt ?? [edge.path[0][0] + 4, edge.path[0][1] + 8];
    line.append(svgText(edge.label, x, y + 3.4, edge.isChanged ? "label changed" : "label"));
  }
  return [line];
}
