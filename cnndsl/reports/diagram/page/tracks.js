// Tracks: no two values share a line. What leaves an item and what enters it stand side by side in the order in which the
// wires go on or come; behind an item each value turns in a track of its own, before one each wire.

const sideBySide = (middle, count, apart) =>
  Array.from({ length: count }, (_, number) => middle + apart * (number - (count - 1) / 2));
const sortedBy = (list, key) => [...list].sort((one, other) => key(one) - key(other));

class Tracks {
  constructor(frame, entering) {
    Object.assign(this, { frame, inside: new Map(), enters: new Map(), turnsIn: new Map() });
    this.leaves = frame.wiring.items.map(() => new Map());
    this.turnsOut = frame.wiring.items.map(() => new Map());
    const listed = [...frame.wiring.items.keys()].filter((item) => frame.wiring.items[item] !== "");
    for (const item of listed) this.add(item, entering);
    for (const item of listed) this.turn(item);
  }

  corners(wire) {
    const [source, target, value] = this.frame.wires[wire], { places, ways } = this.frame;
    const begin = [this.leaves[source].get(value), this.bottom(source)], end = this.enters.get(wire);
    if (places.turns.has(wire)) {
      const [gutter, turn, high] = places.turns.get(wire);
      return [begin, [begin[0], turn], [gutter, turn], [gutter, high], [end[0], high], end];
    }
    const out = this.turnsOut[source].get(value), into = this.turnsIn.get(wire), way = ways.get(wire);
    if (way === "early") return [begin, [begin[0], out], [end[0], out], end];
    if (way === "late") return [begin, [begin[0], into], [end[0], into], end];
    const lane = places.lanes.get(wire), there = [begin, [begin[0], out], [lane, out]];
    return way === "side" ? [...there, [lane, end[1]], end] : [...there, [lane, into], [end[0], into], end];
  }

  add(item, entering) {
    const { frame } = this, key = frame.wiring.items[item], slot = frame.slots[item], ends = frame.ends[item];
    const [x, y] = frame.places.items.get(item);
    const tops = sortedBy(ends.tops, (wire) => this.from(wire)), sides = sortedBy(ends.sides, (wire) => this.from(wire));
    const top = key === "out:" ? frame.length : y;
    sideBySide(x, tops.length, ENTRY).forEach((across, place) => this.enters.set(tops[place], [across, top]));
    const apart = Math.min(SIDE_APART, slot.length / (sides.length + 1));
    sideBySide(y + slot.length / 2, sides.length, apart).forEach((along, place) => {
      this.enters.set(sides[place], [x + slot.right, along]);
    });
    if (slot instanceof Frame) {
      const tracks = new Tracks(slot, [...new Set(tops.map((wire) => frame.wires[wire][2]))]);
      this.inside.set(item, tracks);
      for (const [value, across] of tracks.leaving()) this.leaves[item].set(value, x + across);
      return;
    }
    const values = key === "in:" ? entering : sortedBy(ends.values, (value) => this.goal(item, value));
    sideBySide(x, values.length, slot.apart).forEach((across, place) => this.leaves[item].set(values[place], across));
  }

  leaving() {
    const end = this.frame.wiring.items.indexOf("out:");
    const wires = [...this.enters].filter(([wire]) => this.frame.wires[wire][1] === end);
    return wires.map(([wire, [across]]) => [this.frame.wires[wire][2], across]);
  }

  from(wire) {
    const [source, , value] = this.frame.wires[wire];
    return this.frame.places.lanes.get(wire) ?? this.leaves[source].get(value);
  }

  goal(item, value) {
    const { places, wires } = this.frame;
    const found = [...wires.keys()].filter((wire) => wires[wire][0] === item && wires[wire][2] === value);
    return sum(found.map((wire) => places.lanes.get(wire) ?? places.items.get(wires[wire][1])[0])) / found.length;
  }

  turn(item) {
    const level = this.bottom(item) + this.frame.slots[item].room;
    this.inOrder(item).forEach((value, track) => this.turnsOut[item].set(value, level + TRACK * track));
    const at = (wire) => this.enters.get(wire)[0];
    const tops = sortedBy(this.frame.ends[item].tops, at);
    const fromLeft = tops.filter((wire) => this.down(wire) < at(wire));
    const fromRight = tops.filter((wire) => this.down(wire) >= at(wire)).reverse();
    const lowest = (wire) => this.enters.get(wire)[1] - arrowRoom(this.frame.slots[item]);
    for (const wires of [fromLeft, fromRight]) {
      wires.forEach((wire, track) => this.turnsIn.set(wire, lowest(wire) - TRACK * track));
    }
  }

  bottom(item) {
    if (this.frame.wiring.items[item] === "in:") return 0;
    return this.frame.places.items.get(item)[1] + this.frame.slots[item].length;
  }

  down(wire) {
    return this.frame.ways.get(wire) === "early" ? this.enters.get(wire)[0] : this.from(wire);
  }

  // The values behind an item, the nearest track first: the outer ones, but none below a line that comes down on it.
  inOrder(item) {
    const { wires, ways, places } = this.frame, middle = places.items.get(item)[0], leaves = this.leaves[item];
    let waiting = sortedBy(this.frame.ends[item].values, (value) => -Math.abs(leaves.get(value) - middle));
    const downs = (value) => [...wires.keys()]
      .filter((wire) => wires[wire][0] === item && wires[wire][2] === value && ways.get(wire) !== "late")
      .map((wire) => places.lanes.get(wire) ?? this.enters.get(wire)[0]);
    const isFree = (value) => !downs(value).some((down) =>
      waiting.some((other) => other !== value && Math.abs(down - leaves.get(other)) < NEAR));
    const ordered = [];
    while (waiting.length) {
      const next = waiting.find(isFree) ?? waiting[0];
      ordered.push(next);
      waiting = waiting.filter((value) => value !== next);
    }
    return ordered;
  }
}
