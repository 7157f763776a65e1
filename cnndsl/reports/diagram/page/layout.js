// Where everything stands, with some blocks open and others shut: the rules of rows.py, columns.py, frames.py, layout.py and
// curves.py beside this folder, so that a state looks as `cnndsl diagram` draws it. A test compares the two.
// Coordinates are [x, y], in points from the left upper corner.

const ARROW = 15, BRANCH_GAP = 20, LANE = 13, BUS = 5;
const SHAPE_ROOM = 15, MARGIN = 6, SHAPE_SIZE = 10, TITLE_LEADING = 13, LEAST_TITLE = 70, LONGEST_WORD = 150;
const HEADING_SIZE = 12, DETAIL_SIZE = 10, DETAIL_HEIGHT = 13, TEXT_MARGIN = 6, TEXT_GAP = 12, SLACK = 1.06, OVERLAP = 7;
const PAD = 10, LANE_MARGIN = 6;
const COLUMN_GAP = 40, LED_IN = ARROW + 6, LED_OUT = 10, EXACT = 0.01, MOST_UNBROKEN = 0.6, LONGER = 1.5;
const RADIUS = 6, REACH = 0.5523, ARROW_LENGTH = 6;

const largest = (numbers, least) => numbers.reduce((one, other) => Math.max(one, other), least);
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

// Texts

function textWidth(text, size, bold) {
  const widths = network.widths[bold ? 1 : 0];
  const advance = (code) => (code >= 32 && code < 127 ? widths[code - 32] : code < 0x250 ? 800 : 1100);
  return (size / 1000) * sum([...text].map((char) => advance(char.codePointAt(0))));
}

function cutText(text, width, size, bold) {
  if (textWidth(text, size, bold) <= width) return text;
  const chars = [...text];
  while (chars.length && textWidth(`${chars.join("")}...`, size, bold) > width) chars.pop();
  return `${chars.join("").trimEnd()}...`;
}

function wrapText(text, width, size, bold) {
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(cutText(word, width, size, bold));
  }
  return lines;
}

// The title of an open block in lines no wider than this: its name and number, then its call.
function titleLines([name, call, count], width) {
  const space = call.indexOf(" ");
  const [block, settings] = space < 0 ? [call, ""] : [call.slice(0, space), call.slice(space + 1)];
  const [first, rest] = name ? [name, call] : [block, settings];
  const room = Math.max(width, Math.min(LONGEST_WORD, textWidth(first, SHAPE_SIZE, true)));
  const bold = wrapText([first, count > 1 ? `x${count}` : ""].filter(Boolean).join(" "), room, SHAPE_SIZE, true);
  const plain = wrapText(rest, room, SHAPE_SIZE, false);
  return [...bold.map((text) => ({ text, bold: true })), ...plain.map((text) => ({ text, bold: false }))];
}

// The texts and the size of a box with the figure that it shows, its parameters or its share: in the row of its first
// detail, or in one of its own.
function boxText(part, figure) {
  const [width, height] = part.size;
  const [heading, detail, ...more] = part.rows;
  if (!figure) return { rows: part.rows, width, height };
  const wide = SLACK * (textWidth(detail ? detail[0] : "", DETAIL_SIZE, false) + textWidth(figure, DETAIL_SIZE, false));
  const needed = Math.floor(wide + (detail ? TEXT_GAP : 0)) + 1 + 2 * TEXT_MARGIN;
  const rows = detail ? [heading, [detail[0], figure], ...more] : [heading, [figure, ""]];
  return { rows, width: Math.max(width, needed), height: height + (detail ? 0 : DETAIL_HEIGHT) };
}

// Rows and branches

const port = () => ({ left: 0, right: 0, length: 0, room: 0, isBox: false });
const entryRoom = (after) => (after.length ? ARROW : BUS);

class Line {
  constructor(wire, before, after) {
    this.wire = wire;
    this.left = this.right = 2;
    this.room = before ? before.room : 0;
    this.length = this.room + (after ? entryRoom(after) : 0);
  }

  place(places, x, y, begin, end) {
    if (places.isDrawn(this.wire)) {
      places.corners.set(this.wire, [...begin, [x, y + this.room], [x, y + this.length], ...end]);
    }
  }
}

class Row {
  constructor(series, slots, wires) {
    this.items = series.items;
    this.slots = series.items.map((item) => slots[item]);
    this.isBranch = series.links.length > this.slots.length;
    const ends = this.isBranch ? [null, ...this.slots, null] : this.slots;
    const measure = (link, place) =>
      Array.isArray(link)
        ? new Fan(link, slots, wires, ends[place], ends[place + 1])
        : new Line(link, ends[place], ends[place + 1]);
    this.links = series.links.map(measure);
    const last = series.links.at(-1);
    this.isLoose = typeof last === "number" && wires[last][2] < 0;
    const pieces = [...this.slots, ...this.links];
    this.left = largest(pieces.map((piece) => piece.left), 0);
    this.right = largest(pieces.map((piece) => piece.right), 0);
    this.length = sum(pieces.map((piece) => piece.length));
  }

  place(places, x, y, begin = [], end = [], part = null) {
    const links = this.isBranch ? this.links : [null, ...this.links];
    const [start, stop] = part ?? [0, links.length];
    for (let number = start; number < stop; number++) {
      const link = links[number], slot = this.slots[number] ?? null;
      if (link && (number > start || this.isBranch)) {
        const side = slot?.isBox ? [x + slot.right, y + link.length + slot.length / 2] : null;
        link.place(places, x, y, number === 0 ? begin : [], slot ? [] : end, side);
        y += link.length;
      }
      if (slot) {
        places.items.set(this.items[number], [x, y]);
        y += slot.length;
      }
    }
  }
}

class Fan {
  constructor(branches, slots, wires, before, after) {
    const rows = branches.filter((branch) => typeof branch !== "number").map((branch) => new Row(branch, slots, wires));
    const lanes = branches.filter((branch) => typeof branch === "number" && wires[branch][2] >= 0);
    let main = rows.filter((row) => !row.isLoose);
    if (!main.length && !lanes.length) main = rows;
    this.head = (before ? before.room : 0) + BUS;
    this.tail = after ? entryRoom(after) + (main.length > 1 ? BUS : 0) : BUS;
    this.straight = lanes.length && !main.length ? lanes.shift() : null;
    this.rows = besideEachOther(main);
    this.left = this.rows.length ? Math.max(...this.rows.map(([row, x]) => row.left - x)) : 2;
    this.right = this.rows.length ? Math.max(...this.rows.map(([row, x]) => row.right + x)) : 2;
    for (const row of rows.filter((each) => !main.includes(each))) {
      this.rows.push([row, this.right + BRANCH_GAP + row.left]);
      this.right += BRANCH_GAP + row.left + row.right;
    }
    this.lanes = [];
    for (const wire of lanes) {
      this.right = Math.max(this.right + LANE, after ? after.right + LANE : 0);
      this.lanes.push([wire, this.right]);
    }
    this.right += this.lanes.length ? 4 : 0;
    const longest = this.rows.length ? Math.max(...this.rows.map(([row]) => row.length)) : BUS;
    this.length = this.head + longest + this.tail;
  }

  place(places, x, y, begin, end, side = null) {
    const bus = y + this.head, foot = y + this.length - this.tail;
    if (this.straight !== null) places.corners.set(this.straight, [...begin, [x, bus], [x, foot], ...end]);
    for (const [row, offset] of this.rows) {
      const there = [...begin, [x, bus], [x + offset, bus]];
      row.place(places, x + offset, bus, there, [[x + offset, foot], [x, foot], ...end]);
    }
    this.lanes.forEach(([wire, offset], number) => {
      const there = [...begin, [x, bus], [x + offset, bus]];
      if (!side) {
        places.corners.set(wire, [...there, [x + offset, foot], [x, foot], ...end]);
        return;
      }
      const entry = [side[0], side[1] + 7 * (number - (this.lanes.length - 1) / 2)];
      places.corners.set(wire, [...there, [x + offset, entry[1]]]);
      places.sides.set(wire, entry);
    });
  }
}

function besideEachOther(rows) {
  if (!rows.length) return [];
  const axes = [0];
  for (let number = 1; number < rows.length; number++) {
    axes.push(axes.at(-1) + rows[number - 1].right + BRANCH_GAP + rows[number].left);
  }
  const middle = axes.at(-1) / 2;
  return rows.map((row, number) => [row, axes[number] - middle]);
}

// Columns: a long row in several side by side

function placeColumns(row, page, places, top) {
  let x = 0, right = 0, length = 0;
  const parts = page ? columnsOf(row, page) : [[0, row.items.length]];
  parts.forEach(([start, stop], number) => {
    const extents = [...row.slots.slice(start, stop), ...row.links.slice(start, stop - 1)];
    if (number) {
      const gutter = x + right + COLUMN_GAP / 2;
      x += right + COLUMN_GAP + largest(extents.map((piece) => piece.left), 0);
      leadOver(row, start - 1, places, gutter, x, top + 2);
    }
    right = largest(extents.map((piece) => piece.right), 0);
    row.place(places, x, number ? top + LED_IN : 0, [], [], [start, stop]);
    const last = row.slots[stop - 1];
    const bottom = places.items.get(row.items[stop - 1])[1] + last.length;
    length = Math.max(length, bottom + (number < parts.length - 1 ? Math.max(last.room, LED_OUT) + 2 : 0));
  });
  return [x + right, length];
}

function leadOver(row, number, places, gutter, x, high) {
  const { wire } = row.links[number];
  const [above, top] = places.items.get(row.items[number]);
  const turn = top + row.slots[number].length + Math.max(row.slots[number].room, LED_OUT);
  if (places.isDrawn(wire)) places.corners.set(wire, [[above, turn], [gutter, turn], [gutter, high], [x, high]]);
}

function columnsOf(row, page) {
  const whole = [[0, row.items.length]];
  if (row.length <= page || longestUnbroken(row) > MOST_UNBROKEN * row.length) return whole;
  const fewest = row.length / page, square = Math.sqrt(row.length / (row.left + row.right + COLUMN_GAP));
  let found = whole, best = 0;
  for (let count = Math.max(Math.floor(Math.min(fewest, square)), 1); count < Math.floor(square) + 3; count++) {
    const limit = columnLimit(row, count), parts = evenedColumns(row, limit);
    const fit = Math.min(1, page / limit, page / breadthOf(row, parts));
    if (fit > best) [found, best] = [parts, fit];
  }
  return found;
}

function breadthOf(row, parts) {
  let breadth = -COLUMN_GAP;
  for (const [start, stop] of parts) {
    const extents = [...row.slots.slice(start, stop), ...row.links.slice(start, stop - 1)];
    breadth += largest(extents.map((piece) => piece.left), 0) + largest(extents.map((piece) => piece.right), 0) + COLUMN_GAP;
  }
  return breadth;
}

function columnLimit(row, count) {
  let least = Math.max(...row.slots.map((slot) => slot.length)), most = row.length;
  while (most - least > 1) {
    const middle = (least + most) / 2;
    if (countColumns(row, middle) <= count) most = middle;
    else least = middle;
  }
  return most;
}

function longestUnbroken(row) {
  let length = row.slots[0].length, longest = length;
  row.links.forEach((link, place) => {
    const slot = row.slots[place + 1];
    length = link instanceof Line ? slot.length : length + link.length + slot.length;
    longest = Math.max(longest, length);
  });
  return longest;
}

function countColumns(row, most) {
  let count = 1, length = row.slots[0].length, since = 0, canBreak = false;
  row.links.forEach((link, place) => {
    const step = link.length + row.slots[place + 1].length;
    if (link instanceof Line) [canBreak, since] = [true, -link.length];
    length += step;
    since += step;
    if (length > most && canBreak) [count, length, canBreak] = [count + 1, since + LED_IN, false];
  });
  return count;
}

function evenedColumns(row, most) {
  const begins = [0], ends = [row.slots[0].length], breaks = [0];
  row.links.forEach((link, place) => {
    begins.push(ends.at(-1) + link.length);
    ends.push(begins.at(-1) + row.slots[place + 1].length);
    if (link instanceof Line) breaks.push(place + 1);
  });
  breaks.push(row.items.length);
  const best = [[0, 0]];
  for (let number = 1; number < breaks.length; number++) {
    let chosen = null;
    for (let before = number - 1; before >= 0; before--) {
      const length = ends[breaks[number] - 1] - begins[breaks[before]] + (before ? LED_IN : 0);
      if (length > most + EXACT && chosen) break;
      const sum = best[before][0] + (most - length) ** 2;
      if (!chosen || sum <= chosen[0]) chosen = [sum, before];
    }
    best.push(chosen);
  }
  const parts = [];
  for (let number = breaks.length - 1; number; number = best[number][1]) parts.unshift([breaks[best[number][1]], breaks[number]]);
  return parts;
}

// Frames: the network as a whole, or one open block

class Frame {
  constructor(number, part, view) {
    Object.assign(this, port(), { number, part, wiring: part.frame, title: [] });
    const { items, wires, row: series, beside } = this.wiring;
    this.slots = items.map((key) => (typeof key === "number" ? view.slot(key) : port()));
    this.isDrawn = (wire) => wires[wire][2] >= 0;
    this.places = { items: new Map(), corners: new Map(), sides: new Map(), isDrawn: this.isDrawn };
    if (number >= 0) this.addTitle(series);
    const row = new Row(series, this.slots, wires);
    this.left = row.left;
    const page = beside.length ? 0 : network.page * (number < 0 ? 1 : LONGER);
    [this.right, this.length] = placeColumns(row, page, this.places, number < 0 ? 0 : this.titleHeight());
    this.placeBeside(beside);
    if (number >= 0) this.addFrame();
  }

  axisOf(key) {
    return this.places.items.get(this.wiring.items.indexOf(key))[0];
  }

  addTitle(series) {
    const room = new Row(series, this.slots, this.wiring.wires).left + PAD;
    this.title = titleLines(this.part.call, Math.max(room - MARGIN, LEAST_TITLE));
    this.slots[series.items[0]].room = Math.max(this.titleHeight() - LANE_MARGIN, 0);
  }

  titleHeight() {
    return TITLE_LEADING * this.title.length + MARGIN;
  }

  addFrame() {
    const ports = this.wiring.items.filter((key) => String(key).startsWith("in:"));
    const width = largest(this.title.map(({ text, bold }) => textWidth(text, SHAPE_SIZE, bold)), 0) + 2 * MARGIN;
    const first = ports.length ? Math.min(...ports.map((key) => this.axisOf(key))) : 0;
    this.right += PAD;
    const leaving = this.wiring.items.filter((key) => String(key).startsWith("out:")).map((key) => this.axisOf(key));
    if (leaving.some(Boolean)) this.room = PAD;
    if (leaving.some(Boolean) || !leaving.length) this.length += PAD;
    this.left = Math.max(this.left + PAD, width - first);
  }

  placeBeside(beside) {
    const { wires } = this.wiring, lanes = [], entered = new Map(), edge = this.right;
    const span = (wire) => wires[wire][1] - wires[wire][0];
    for (const wire of [...beside].sort((one, other) => span(one) - span(other))) {
      const source = this.slots[wires[wire][0]], target = this.slots[wires[wire][1]];
      const [x, y] = this.places.items.get(wires[wire][0]), [into, top] = this.places.items.get(wires[wire][1]);
      const begin = y + source.length + source.room;
      const number = (entered.get(wires[wire][1]) ?? -1) + 1;
      entered.set(wires[wire][1], number);
      const staggered = Math.floor((number + 1) / 2) * (number % 2 ? 5 : -5);
      const stop = target.isBox ? top + target.length / 2 + staggered : top - (target.length ? LANE_MARGIN : 1);
      const across = edge + LANE * (freeLane(lanes, begin, stop) + 1);
      this.right = Math.max(this.right, across + LANE_MARGIN);
      const turns = [[x, begin], [across, begin], [across, stop]];
      this.places.corners.set(wire, target.isBox ? turns : [...turns, [into, stop]]);
      if (target.isBox) this.places.sides.set(wire, [into + target.right, stop]);
    }
  }

  // The corners of a wire, from where it leaves its source to where it enters its target.
  cornersOf(wire) {
    const [source, target, value] = this.wiring.wires[wire];
    const corners = this.places.corners.get(wire), side = this.places.sides.get(wire);
    const begin = this.leaves(source, value), end = this.enters(target, value);
    const last = side ? [side] : [[end[0], corners.at(-1)[1]], end];
    return [begin, [begin[0], corners[0][1]], ...corners, ...last];
  }

  leaves(item, value) {
    const [x, y] = this.places.items.get(item), slot = this.slots[item];
    if (String(this.wiring.items[item]).startsWith("in:")) return [x, 0];
    return [x + (slot instanceof Frame ? slot.axisOf(`out:${value}`) : 0), y + slot.length];
  }

  enters(item, value) {
    const [x, y] = this.places.items.get(item), slot = this.slots[item];
    if (String(this.wiring.items[item]).startsWith("out:")) return [x, this.length];
    return [x + (slot instanceof Frame ? slot.axisOf(`in:${value}`) : 0), y];
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

// The edges between what is seen, each with its wires; two with the same ends and shape are one.
function shownEdges(open) {
  const found = new Map();
  for (const [source, target, shape, isChanged, route] of network.edges) {
    const edge = { source: shownFor(source, open), target: shownFor(target, open), shape, isChanged: Boolean(isChanged) };
    if (edge.source === edge.target) continue;
    const isSeen = ([frame]) => frame < 0 || (open.has(frame) && shownFor(frame, open) === frame);
    edge.route = route.filter(isSeen);
    edge.isInside = edge.source !== source;
    const key = [edge.source, edge.target, shape].join();
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

// Everything with its place: boxes that show a figure, open blocks with the lines of their titles, and edges with paths,
// what is drawn of them, and labels.
function layOut(open, figureOf) {
  const edges = shownEdges(open);
  const shapes = new Map();
  for (const edge of edges) shapes.set(edge.source, (shapes.get(edge.source) ?? new Set()).add(edge.shape));
  const shapeOf = (number) => [...(shapes.get(number) ?? [])].join(", ");
  const isBox = (number) => !network.parts[number].children || (network.parts[number].kind && !open.has(number));
  const texts = new Map();
  const textOf = (number) => {
    if (!texts.has(number)) texts.set(number, boxText(network.parts[number], figureOf(network.parts[number])));
    return texts.get(number);
  };
  const view = {
    slot(number) {
      const part = network.parts[number];
      if (!isBox(number)) return new Frame(number, part, view);
      const peers = (part.parent < 0 ? network.root : network.parts[part.parent]).children;
      const alike = peers.filter((peer) => isBox(peer) && network.parts[peer].kind !== "io");
      const widest = part.kind === "io" ? 0 : Math.max(...alike.map((peer) => textOf(peer).width));
      const shape = textWidth(shapeOf(number), SHAPE_SIZE, true);
      const half = Math.max(Math.floor((textOf(number).width + 1) / 2), widest / 2, shape + MARGIN);
      return { left: half, right: half, length: textOf(number).height, room: SHAPE_ROOM, isBox: true };
    },
  };
  const root = new Frame(-1, network.root, view);
  const layout = { boxes: new Map(), clusters: new Map(), edges, width: root.left + root.right, height: root.length };
  const pieces = new Map();
  placeFrame(root, root.left, 0, layout, pieces);
  const told = new Set();
  for (const edge of edges) {
    edge.path = joinedPath(edge.route.map(([frame, wire]) => pieces.get(frame)(wire)));
    edge.label = told.has(edge.source) ? "" : shapeOf(edge.source);
    told.add(edge.source);
  }
  for (const [number, place] of layout.boxes) place.rows = textOf(number).rows;
  setStrokes(edges);
  return layout;
}

function placeFrame(frame, across, along, layout, pieces) {
  if (frame.number >= 0) {
    const place = { x: across - frame.left, y: along, width: frame.left + frame.right, height: frame.length };
    layout.clusters.set(frame.number, { ...place, lines: frame.title });
  }
  frame.wiring.items.forEach((key, item) => {
    const slot = frame.slots[item];
    if (!frame.places.items.has(item) || typeof key !== "number") return;
    const [x, y] = frame.places.items.get(item);
    if (slot instanceof Frame) placeFrame(slot, across + x, along + y, layout, pieces);
    else {
      const corner = { x: across + x - slot.left, y: along + y };
      layout.boxes.set(key, { ...corner, width: slot.left + slot.right, height: slot.length });
    }
  });
  pieces.set(frame.number, (wire) => frame.cornersOf(wire).map(([x, y]) => [across + x, along + y]));
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

// Lines that run together for a while are drawn once there

const distance = (one, other) => Math.hypot(other[0] - one[0], other[1] - one[1]);
const segments = (path) => path.slice(1).map((end, number) => [path[number], end]);
const lengthOf = (path) => sum(segments(path).map(([begin, end]) => distance(begin, end)));
const samePoint = (one, other) => one[0] === other[0] && one[1] === other[1];

function setStrokes(edges) {
  const leaving = new Map(), entering = new Map();
  const longest = (paths, path) => largest((paths ?? []).map((other) => runTogether(path, other)), 0);
  const ordered = [...edges].sort((one, other) => Number(one.isSkip) - Number(other.isSkip));
  for (const edge of ordered) {
    const back = [...edge.path].reverse();
    const begin = longest(leaving.get(edge.source), edge.path), end = longest(entering.get(edge.target), back);
    const isPart = begin + end < lengthOf(edge.path);
    const kept = isPart ? shortened(edge.path, begin - OVERLAP).reverse() : back;
    edge.stroke = (isPart ? shortened(kept, end - OVERLAP) : kept).reverse();
    edge.hasArrow = !isPart || end <= OVERLAP;
    leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge.path]);
    entering.set(edge.target, [...(entering.get(edge.target) ?? []), back]);
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

// The line as an SVG path that ends where its arrow begins, if it has one.
function curve(path, hasArrow) {
  const tip = path.at(-1), corners = path.slice(0, -1);
  const arrow = hasArrow ? Math.min(ARROW_LENGTH, distance(corners.at(-1), tip) / 2) : 0;
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
