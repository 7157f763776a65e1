// Where everything stands, with some blocks open and others shut: the rules of rows.py, columns.py, ends.py, frames.py, tracks.py,
// layout.py and curves.py beside this folder, so that a state looks as `cnndsl diagram` draws it. A test compares the two.
// Coordinates are [x, y], in points from the left upper corner.

const ARROW = 15, BRANCH_GAP = 20, LANE = 13, TRACK = 5, ENTRY = 10, BUS = 5, NEAR = 3, SIDE_APART = 7;
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
  const words = [textWidth(first, SHAPE_SIZE, true), ...rest.split(/\s+/).map((word) => textWidth(word, SHAPE_SIZE, false))];
  const room = Math.max(width, Math.min(LONGEST_WORD, Math.max(...words)));
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

const slotOf = (left, right, length, room, isBox, apart) =>
  ({ left, right, length, room, isBox, apart, depart: 0, arrive: 0, reach: 0 });
const headOf = (slot) => (slot ? slot.room + slot.depart : 0);
const arrowRoom = (slot) => (slot.length ? ARROW : BUS);
const gap = (before, after) => headOf(before) + (after ? after.arrive + arrowRoom(after) : 0);

class Line {
  constructor(wire, before, after) {
    this.wire = wire;
    this.left = this.right = 2;
    this.length = gap(before, after);
  }

  place() {} // it runs on the axis
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
    const pieces = [...this.slots, ...this.links];
    this.left = largest(pieces.map((piece) => piece.left), 0);
    this.right = largest(pieces.map((piece) => piece.right), 0);
    this.length = sum(pieces.map((piece) => piece.length));
  }

  place(places, x, y, part = null) {
    const links = this.isBranch ? this.links : [null, ...this.links];
    const [start, stop] = part ?? [0, links.length];
    for (let number = start; number < stop; number++) {
      const link = links[number];
      if (link && (number > start || this.isBranch)) {
        link.place(places, x, y);
        y += link.length;
      }
      if (number < this.slots.length) {
        places.items.set(this.items[number], [x, y]);
        y += this.slots[number].length;
      }
    }
  }
}

const isDrawn = (branch, wires) => typeof branch === "number" && wires[branch][2] >= 0;

// Whether no drawn wire leads on from the end of a branch; a wire by itself is no branch.
function isLoose(branch, wires) {
  if (typeof branch === "number") return true;
  const last = branch.links.at(-1);
  return typeof last === "number" && !isDrawn(last, wires);
}

const lanesOf = (branches, wires) =>
  branches.some((branch) => !isLoose(branch, wires)) ? branches.filter((branch) => isDrawn(branch, wires)) : [];

class Fan {
  constructor(branches, slots, wires, before, after) {
    const series = branches.filter((branch) => typeof branch !== "number");
    let main = series.filter((branch) => !isLoose(branch, wires));
    if (!main.length && !branches.some((branch) => isDrawn(branch, wires))) main = series;
    const rowOf = (branch) => new Row(branch, slots, wires);
    const reach = Math.max(2, ...[before, after].map((slot) => slot?.reach ?? 0));
    this.rows = besideEachOther(main.map(rowOf));
    this.left = this.rows.length ? Math.max(...this.rows.map(([row, x]) => row.left - x)) : reach;
    this.right = this.rows.length ? Math.max(...this.rows.map(([row, x]) => row.right + x)) : reach;
    for (const row of series.filter((each) => !main.includes(each)).map(rowOf)) {
      this.rows.push([row, this.right + BRANCH_GAP + row.left]);
      this.right += BRANCH_GAP + row.left + row.right;
    }
    this.lanes = [];
    for (const wire of lanesOf(branches, wires)) {
      this.right = Math.max(this.right + LANE, after ? after.right + LANE : 0);
      this.lanes.push([wire, this.right]);
    }
    this.right += this.lanes.length ? 4 : 0;
    const spared = this.rows.length && before?.depart ? TRACK : 0; // no other line turns before a branch
    this.head = headOf(before) - spared;
    this.length = gap(before, after) - spared + largest(this.rows.map(([row]) => row.length), 0);
  }

  place(places, x, y) {
    for (const [row, offset] of this.rows) row.place(places, x + offset, y + this.head);
    for (const [wire, offset] of this.lanes) places.lanes.set(wire, x + offset);
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
      leadOver(row, start - 1, places, gutter, top + 2);
    }
    right = largest(extents.map((piece) => piece.right), 0);
    row.place(places, x, number ? top + LED_IN : 0, [start, stop]);
    const last = row.slots[stop - 1];
    const bottom = places.items.get(row.items[stop - 1])[1] + last.length;
    length = Math.max(length, bottom + (number < parts.length - 1 ? Math.max(last.room, LED_OUT) + 2 : 0));
  });
  return [x + right, length];
}

function leadOver(row, number, places, gutter, high) {
  const top = places.items.get(row.items[number])[1];
  const turn = top + row.slots[number].length + Math.max(row.slots[number].room, LED_OUT);
  places.turns.set(row.links[number].wire, [gutter, turn, high]);
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
