// Frames: the network as a whole, or one open block

// How each wire runs: straight, turning behind the item that it leaves or before the one that it enters, or in a lane.
function waysOf({ row, beside, wires }, isBox) {
  const ways = new Map();
  const inRow = ({ items, links }) => {
    const ends = links.length > items.length ? [null, ...items, null] : items;
    links.forEach((link, place) => {
      const [before, after] = ends.slice(place, place + 2);
      const straight = before === null ? "early" : "late";
      if (typeof link === "number") ways.set(link, straight);
      else inFan(link, straight, after !== null && isBox(after) ? "side" : "lane");
    });
  };
  const inFan = (branches, straight, past) => {
    const lanes = lanesOf(branches, wires);
    for (const branch of branches) {
      if (typeof branch === "number") ways.set(branch, lanes.includes(branch) ? past : straight);
      else inRow(branch);
    }
  };
  inRow(row);
  for (const wire of beside) ways.set(wire, isBox(wires[wire][1]) ? "side" : "lane");
  return ways;
}

// What leaves and enters each item: the values, and the wires from the top and from the side.
function endsOf(wires, count, ways) {
  const ends = Array.from({ length: count }, () => ({ values: new Set(), turns: false, tops: [], sides: [] }));
  wires.forEach(([source, target, value], wire) => {
    if (value < 0) return;
    ends[source].values.add(value);
    ends[source].turns ||= ways.get(wire) !== "late";
    ends[target][ways.get(wire) === "side" ? "sides" : "tops"].push(wire);
  });
  return ends;
}

class Frame {
  constructor(number, part, view) {
    Object.assign(this, slotOf(0, 0, 0, 0, false, ENTRY), { number, wiring: part.frame, title: [] });
    const { items, wires, row: series, beside } = this.wiring;
    this.wires = wires;
    this.ways = waysOf(this.wiring, (item) => typeof items[item] === "number" && view.isBox(items[item]));
    this.ends = endsOf(wires, items.length, this.ways);
    this.slots = items.map((key, item) => this.slotAt(key, this.ends[item], view));
    this.places = { items: new Map(), lanes: new Map(), turns: new Map() };
    if (number >= 0) this.addTitle(part.call, series);
    const row = new Row(series, this.slots, wires);
    this.left = row.left;
    const page = beside.length ? 0 : network.page * (number < 0 ? 1 : LONGER);
    [this.right, this.length] = placeColumns(row, page, this.places, number < 0 ? 0 : this.titleHeight());
    this.placeBeside(beside);
    if (number >= 0) this.addFrame();
  }

  slotAt(key, ends, view) {
    const half = ((Math.max(ends.values.size, ends.tops.length, 1) - 1) / 2) * ENTRY;
    const slot = typeof key === "number" ? view.slot(key, ends.tops.length) : slotOf(half, half, 0, 0, false, ENTRY);
    slot.depart = ends.turns ? TRACK * ends.values.size : 0;
    slot.arrive = TRACK * Math.max(ends.tops.length - 1, 0);
    slot.reach = Math.max((ends.values.size - 1) * slot.apart, (ends.tops.length - 1) * ENTRY, 0) / 2;
    if (!(slot instanceof Frame)) return slot;
    const end = slot.wiring.items.indexOf("out:"), shift = end < 0 ? 0 : Math.abs(slot.places.items.get(end)[0]);
    slot.reach += shift;
    slot.room = slot.depart || shift ? BUS : 0;
    return slot;
  }

  addTitle(call, series) {
    const room = new Row(series, this.slots, this.wires).left + PAD;
    this.title = titleLines(call, Math.max(room - MARGIN, LEAST_TITLE));
    const first = this.slots[series.items[0]];
    first.room = Math.max(this.titleHeight() - LANE_MARGIN, 0) + (first.depart ? BUS : 0);
  }

  titleHeight() {
    return TITLE_LEADING * this.title.length + MARGIN;
  }

  addFrame() {
    const width = largest(this.title.map(({ text, bold }) => textWidth(text, SHAPE_SIZE, bold)), 0) + 2 * MARGIN;
    const begin = this.slots[this.wiring.items.indexOf("in:")];
    this.right += PAD;
    if (!this.wiring.items.includes("out:")) this.length += PAD;
    this.left = Math.max(this.left + PAD, width + begin.left);
  }

  placeBeside(beside) {
    const lanes = [], edge = this.right;
    const span = (wire) => this.wires[wire][1] - this.wires[wire][0];
    for (const wire of [...beside].sort((one, other) => span(one) - span(other))) {
      const source = this.slots[this.wires[wire][0]], target = this.slots[this.wires[wire][1]];
      const begin = this.places.items.get(this.wires[wire][0])[1] + source.length + source.room;
      const stop = this.places.items.get(this.wires[wire][1])[1] + (target.isBox ? target.length : 0);
      const across = edge + LANE * (freeLane(lanes, begin, stop) + 1);
      this.right = Math.max(this.right, across + LANE_MARGIN);
      this.places.lanes.set(wire, across);
    }
  }
}

function freeLane(lanes, begin, stop) {
  const isFree = (taken) => taken.every(([otherBegin, otherStop]) => stop < otherBegin || otherStop < begin);
  const found = lanes.findIndex(isFree);
  if (found < 0) return lanes.push([[begin, stop]]) - 1;
  lanes[found].push([begin, stop]);
  return found;
}

// The whole

// What is seen of a part: itself, or the outermost shut block around it.
function shownFor(number, open) {
  let shown = number;
  for (let above = number; above >= 0; above = network.parts[above].parent) {
    if (network.parts[above].children && !open.has(above)) shown = above;
  }
  return shown;
}

// The edges between what is seen, each with its wires; a shut block reads each value once.
function shownEdges(open) {
  const found = new Map();
  for (const [number, [source, target, shape, isChanged, route, value, part]] of network.edges.entries()) {
    const edge = { source: shownFor(source, open), target: shownFor(target, open), shape, isChanged: Boolean(isChanged), value };
    if (edge.source === edge.target) continue;
    const isSeen = ([frame]) => frame < 0 || (open.has(frame) && shownFor(frame, open) === frame);
    edge.route = route.filter(isSeen);
    edge.isInside = edge.source !== source;
    edge.label = `${part} ${shape}`.trim();
    const key = edge.target === target ? number : [edge.target, value].join();
    if (!found.has(key)) found.set(key, edge);
  }
  return withSkips([...found.values()]);
}

function withSkips(edges) {
  const entering = Map.groupBy ? Map.groupBy(edges, (edge) => edge.target) : grouped(edges);
  const before = new Map();
  for (const [target, found] of entering) {
    const all = new Set();
    for (const edge of found) {
      all.add(edge.source);
      for (const other of before.get(edge.source) ?? []) all.add(other);
    }
    before.set(target, all);
  }
  for (const edge of edges) {
    edge.isSkip = entering.get(edge.target).some((other) => before.get(other.source)?.has(edge.source));
    if (edge.isInside) edge.isChanged = (entering.get(edge.source) ?? []).some((other) => other.shape !== edge.shape);
  }
  return edges;
}

function grouped(edges) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge.target, [...(groups.get(edge.target) ?? []), edge]);
  return groups;
}

function isAsAtFirst(open) {
  const isBlock = (number) => network.parts[number].kind;
  const first = network.open.filter(isBlock);
  return [...open].filter(isBlock).length === first.length && first.every((number) => open.has(number));
}

// The network as it is at first, where that stands in a grid: a U, or sizes side by side.
function fromGrid(figureOf) {
  const { size, boxes, clusters, edges } = network.grid;
  const layout = { boxes: new Map(), clusters: new Map(), width: size[0], height: size[1] };
  for (const [number, x, y, width, height] of boxes) {
    const { rows } = boxText(network.parts[number], figureOf(network.parts[number]));
    layout.boxes.set(number, { x, y, width, height, rows });
  }
  for (const [number, x, y, width, height, top, lines] of clusters) {
    const titled = lines.map(([text, bold]) => ({ text, bold: Boolean(bold) }));
    layout.clusters.set(number, { x, y, width, height, top, lines: titled });
  }
  layout.edges = edges.map(([source, target, shape, isChanged, isSkip, value, path, label, labelAt]) => {
    return { source, target, shape, isChanged: Boolean(isChanged), isSkip: Boolean(isSkip), value, path, label, labelAt };
  });
  setStrokes(layout.edges);
  return layout;
}

// Everything with its place: boxes that show a figure, open blocks with the lines of their titles, and edges with paths,
// what is drawn of them, and labels.
function layOut(open, figureOf) {
  if (network.grid && isAsAtFirst(open)) return fromGrid(figureOf);
  const edges = shownEdges(open);
  const labels = new Map();
  for (const edge of edges) labels.set(edge.source, (labels.get(edge.source) ?? new Map()).set(edge.value, edge.label));
  const isBox = (number) => !network.parts[number].children || (network.parts[number].kind && !open.has(number));
  const texts = new Map();
  const textOf = (number) => {
    if (!texts.has(number)) texts.set(number, boxText(network.parts[number], figureOf(network.parts[number])));
    return texts.get(number);
  };
  const view = {
    isBox,
    slot(number, entering) {
      const part = network.parts[number];
      if (!isBox(number)) return new Frame(number, part, view);
      const peers = (part.parent < 0 ? network.root : network.parts[part.parent]).children;
      const alike = peers.filter((peer) => isBox(peer) && network.parts[peer].kind !== "io");
      const widest = part.kind === "io" ? 0 : Math.max(...alike.map((peer) => textOf(peer).width));
      const leaving = [...(labels.get(number) ?? new Map()).values()];
      const label = largest(leaving.map((text) => textWidth(text, SHAPE_SIZE, true)), 0), apart = label + 2 * MARGIN;
      const outs = ((leaving.length - 1) / 2) * apart + label + MARGIN, ins = ((entering - 1) / 2) * ENTRY + MARGIN;
      const half = Math.max(Math.floor((textOf(number).width + 1) / 2), widest / 2, outs, ins);
      return slotOf(half, half, textOf(number).height, SHAPE_ROOM, true, apart);
    },
  };
  const root = new Frame(-1, network.root, view);
  const layout = { boxes: new Map(), clusters: new Map(), edges, width: root.left + root.right, height: root.length };
  const pieces = new Map();
  placeFrame(root, new Tracks(root, []), root.left, 0, layout, pieces);
  const told = new Set();
  for (const edge of edges) {
    edge.path = joinedPath(edge.route.map(([frame, wire]) => pieces.get(frame)(wire)));
    edge.label = told.has(edge.value) ? "" : edge.label;
    told.add(edge.value);
  }
  for (const [number, place] of layout.boxes) place.rows = textOf(number).rows;
  setStrokes(edges);
  return layout;
}

function placeFrame(frame, tracks, across, along, layout, pieces) {
  if (frame.number >= 0) {
    const place = { x: across - frame.left, y: along, width: frame.left + frame.right, height: frame.length };
    layout.clusters.set(frame.number, { ...place, lines: frame.title });
  }
  frame.wiring.items.forEach((key, item) => {
    const slot = frame.slots[item];
    if (!frame.places.items.has(item) || typeof key !== "number") return;
    const [x, y] = frame.places.items.get(item);
    if (slot instanceof Frame) placeFrame(slot, tracks.inside.get(item), across + x, along + y, layout, pieces);
    else {
      const corner = { x: across + x - slot.left, y: along + y };
      layout.boxes.set(key, { ...corner, width: slot.left + slot.right, height: slot.length });
    }
  });
  pieces.set(frame.number, (wire) => tracks.corners(wire).map(([x, y]) => [across + x, along + y]));
}

// One line of several pieces, without points on the way that are no corners.
function joinedPath(pieces) {
  const line = [];
  const rounded = (number) => Math.round(number * 100) / 100;
  for (const [x, y] of pieces.flat()) {
    const point = [rounded(x), rounded(y)], last = line.at(-1), before = line.at(-2);
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    const isStraight = before && [0, 1].some((axis) => before[axis] === last[axis] && last[axis] === point[axis]);
    if (isStraight) line[line.length - 1] = point;
    else line.push(point);
  }
  return line;
}

// Lines of one value run together for a while and are drawn once there

const distance = (one, other) => Math.hypot(other[0] - one[0], other[1] - one[1]);
const segments = (path) => path.slice(1).map((end, number) => [path[number], end]);
const samePoint = (one, other) => one[0] === other[0] && one[1] === other[1];

function setStrokes(edges) {
  const leaving = new Map();
  const ordered = [...edges].sort((one, other) => Number(one.isSkip) - Number(other.isSkip));
  for (const edge of ordered) {
    const known = leaving.get(edge.value) ?? [];
    const shared = largest(known.map((other) => runTogether(edge.path, other)), 0);
    edge.stroke = shortened(edge.path, shared - OVERLAP);
    leaving.set(edge.value, [...known, edge.path]);
  }
}

function runTogether(path, other) {
  let far = 0;
  const others = segments(other);
  for (const [number, [begin, end]] of segments(path).entries()) {
    if (number >= others.length) break;
    const [otherBegin, otherEnd] = others[number];
    const isAlong = [0, 1].every((axis) => Math.sign(end[axis] - begin[axis]) === Math.sign(otherEnd[axis] - otherBegin[axis]));
    if (!samePoint(begin, otherBegin) || !isAlong) break;
    far += Math.min(distance(begin, end), distance(otherBegin, otherEnd));
    if (!samePoint(end, otherEnd)) break;
  }
  return far;
}

// A line less its beginning.
function shortened(path, length) {
  let left = length;
  for (const [number, [begin, end]] of segments(path).entries()) {
    const step = distance(begin, end);
    if (left <= 0) return path.slice(number);
    if (left < step) return [begin.map((start, axis) => start + ((end[axis] - start) * left) / step), ...path.slice(number + 1)];
    left -= step;
  }
  return path.slice(-2);
}

// Curves: straight from corner to corner, with the corners rounded

function toward(point, goal, reach) {
  const share = reach / (distance(point, goal) || 1);
  return point.map((start, axis) => Math.round((start + (goal[axis] - start) * share) * 100) / 100);
}

// The line as an SVG path that ends where its arrow begins.
function curve(path) {
  const tip = path.at(-1), corners = path.slice(0, -1);
  const arrow = Math.min(ARROW_LENGTH, distance(corners.at(-1), tip) / 2);
  const end = toward(tip, corners.at(-1), arrow);
  const stops = [...corners, end];
  const drawn = [`M${stops[0]}`];
  for (let number = 1; number < stops.length - 1; number++) {
    const [before, corner, after] = stops.slice(number - 1, number + 2);
    const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    const begin = toward(corner, before, radius), leave = toward(corner, after, radius);
    const handles = [toward(begin, corner, REACH * radius), toward(leave, corner, REACH * radius)];
    drawn.push(`L${begin}C${handles[0]} ${handles[1]} ${leave}`);
  }
  return `${drawn.join("")}L${end}`;
}

function arrowHead(path) {
  const tip = path.at(-1), base = toward(tip, path.at(-2), ARROW_LENGTH);
  const [dx, dy] = [(tip[0] - base[0]) / ARROW_LENGTH, (tip[1] - base[1]) / ARROW_LENGTH];
  const wing = (side) => `${base[0] - dy * side},${base[1] + dx * side}`;
  return `M${tip}L${wing(2.2)}L${wing(-2.2)}Z`;
}
