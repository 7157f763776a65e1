// The page: what is open, what is chosen, and how mouse and keyboard change that.

const byId = (id) => document.getElementById(id);
const picture = byId("picture"), card = byId("card"), pane = byId("facts"), status = byId("status");
const searchField = byId("search"), help = byId("help");
const sequences = network.parts.flatMap((part, number) => (part.children && !part.kind ? [number] : []));
const blocks = network.parts.flatMap((part, number) => (part.children && part.kind ? [number] : []));
const texts = network.parts.map((part) => (part.kind ? searchText(part) : ""));
const ROOM = 14, CLOSEST = 3, FARTHEST = 0.15, READABLE = 0.75;

const open = new Set([...network.open, ...sequences]);
const root = svg("svg", { role: "group", "aria-roledescription": "network diagram", "aria-label": picture.dataset.name });
const drawing = new Drawing(root, null);
let layout, zoom = 1, current = 0, chosen = null, marked = new Set(), matches = [], match = -1;

// What is shown

function show() {
  layout = layOut(open, (part) => figureFor(part, drawing.heat));
  drawing.draw(layout);
  const size = [layout.width + 2 * ROOM, layout.height + 2 * ROOM];
  root.setAttribute("viewBox", `${-ROOM} ${-ROOM} ${size[0]} ${size[1]}`);
  setZoom(zoom);
  if (!drawing.shown.has(current)) current = seenPart(current);
  refresh();
}

function refresh() {
  const found = new Set(matches.map(seenPart));
  const lit = new Set([...marked].map(seenPart));
  for (const [number, element] of drawing.shown) {
    element.setAttribute("tabindex", number === current ? 0 : -1);
    element.classList.toggle("chosen", number === chosen);
    element.classList.toggle("marked", lit.has(number));
    element.classList.toggle("match", found.has(number));
    element.classList.toggle("current-match", match >= 0 && seenPart(matches[match]) === number);
  }
  picture.classList.toggle("searching", matches.length > 0);
}

// The part itself, or what stands for it; for a sequence its first box.
function seenPart(number) {
  const shown = shownFor(number, open);
  return drawing.isSeen(shown) ? shown : seenPart(network.parts[shown].children[0]);
}

function say(text) {
  status.textContent = text;
}

function setOpen(numbers, isOpen) {
  for (const number of numbers) isOpen ? open.add(number) : open.delete(number);
}

// Where the left upper corner of a part is in the window.
function cornerOf(number) {
  const { x, y } = layout.boxes.get(number) ?? layout.clusters.get(number);
  const { left, top } = root.getBoundingClientRect();
  return { x: left + (x + ROOM) * zoom, y: top + (y + ROOM) * zoom };
}

// Opens or shuts a block where it stands: it does not move under the pointer.
function toggle(number) {
  const before = cornerOf(number);
  setOpen([number, ...onlyBlocksIn(number)], !open.has(number));
  hideCard();
  current = number;
  show();
  const now = cornerOf(number);
  picture.scrollLeft += now.x - before.x;
  picture.scrollTop += now.y - before.y;
  scrollTo(number);
  drawing.shown.get(number).focus({ preventScroll: true });
  choose(number);
  say(`${network.parts[number].heading} ${open.has(number) ? "expanded" : "collapsed"}, ${layout.boxes.size} boxes`);
}

// The block in a block that holds nothing else, and so on.
function onlyBlocksIn(number) {
  const { children } = network.parts[number];
  const [only] = children;
  return children.length === 1 && network.parts[only].kind === "block" ? [only, ...onlyBlocksIn(only)] : [];
}

function reveal(number) {
  const around = [];
  for (let above = network.parts[number].parent; above >= 0; above = network.parts[above].parent) around.push(above);
  setOpen(around, true);
  show();
}

// Zoom

function setZoom(wanted) {
  zoom = Math.min(CLOSEST, Math.max(FARTHEST, wanted));
  root.setAttribute("width", (layout.width + 2 * ROOM) * zoom);
  root.setAttribute("height", (layout.height + 2 * ROOM) * zoom);
}

function zoomBy(factor, x = picture.clientWidth / 2, y = picture.clientHeight / 2) {
  const [left, top, before] = [picture.scrollLeft + x, picture.scrollTop + y, zoom];
  hideCard();
  setZoom(zoom * factor);
  picture.scrollLeft = (left * zoom) / before - x;
  picture.scrollTop = (top * zoom) / before - y;
}

// The whole picture if that is readable, else as wide as there is room.
function fit(least = FARTHEST) {
  const across = picture.clientWidth / (layout.width + 2 * ROOM);
  const whole = Math.min(across, picture.clientHeight / (layout.height + 2 * ROOM), 1.4);
  setZoom(whole >= least ? whole : Math.max(least, Math.min(across, 1)));
}

// The card beside a part

function showCard(number) {
  const place = drawing.shown.get(number)?.querySelector(".body, .hit").getBoundingClientRect();
  if (!place || help.open) return;
  tell(card, number, layout);
  card.hidden = false;
  const { width, height } = card.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const right = place.right + 12 + width < room ? place.right + 12 : place.left - width - 12;
  const below = right < 8;
  const left = below ? Math.min(Math.max(8, place.left), room - width - 8) : right;
  const top = below ? place.bottom + 8 : place.top;
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${Math.max(8, Math.min(top, window.innerHeight - height - 8))}px`;
  lightEdges(number);
}

function hideCard() {
  card.hidden = true;
  lightEdges(null);
}

function lightEdges(number) {
  for (const line of drawing.lines.children) {
    line.classList.toggle("lit", [line.dataset.source, line.dataset.target].includes(String(number)));
  }
}

// Choosing: a box and its line in the source

function choose(number) {
  chosen = number;
  marked = new Set();
  tell(pane, number, layout);
  const { lines } = network.parts[number];
  markLines(lines);
  if (lines) lineElement(lines[0], lines[1]).scrollIntoView({ block: "center", behavior: "instant" });
  refresh();
}

const lineElement = (source, line) => byId(`S${source}L${line}`);

function markLines(lines) {
  for (const element of document.querySelectorAll(".line.marked")) element.classList.remove("marked", "first");
  if (!lines) return;
  const [source, first, last] = lines;
  for (let line = first; line <= last; line++) lineElement(source, line).classList.add("marked");
  lineElement(source, first).classList.add("first");
}

// The parts that a line makes: layers if there are any, else the blocks that begin there.
function partsOfLine(source, line) {
  const isHere = ({ kind, lines }) => kind && lines?.[0] === source && lines[1] <= line && line <= lines[2];
  const found = network.parts.flatMap((part, number) => (isHere(part) ? [number] : []));
  const folded = network.parts.flatMap((part, number) =>
    (part.folded ?? []).some(([, , [at, first, last]]) => at === source && first <= line && line <= last) ? [number] : [],
  );
  const layers = [...found.filter((number) => !network.parts[number].children), ...folded];
  return layers.length ? layers : found.filter((number) => network.parts[number].lines[1] === line);
}

function chooseLine(source, line) {
  chosen = null;
  marked = new Set(partsOfLine(source, line));
  markLines([source, line, line]);
  pane.replaceChildren();
  refresh();
  const [first] = marked;
  if (first === undefined) return say(`line ${line} makes no box`);
  current = seenPart(first);
  refresh();
  scrollTo(current);
  say(`line ${line}: ${plural(new Set([...marked].map(seenPart)).size, "box", "boxes")}`);
}

function scrollTo(number) {
  const place = layout.boxes.get(number) ?? layout.clusters.get(number);
  const near = (start, size, from, room) => {
    const [low, high] = [(start + ROOM) * zoom - 24, (start + ROOM + Math.min(size, room / zoom / 2)) * zoom + 24];
    if (low < from) return low;
    return high > from + room ? high - room : from;
  };
  picture.scrollLeft = near(place.x, place.width, picture.scrollLeft, picture.clientWidth);
  picture.scrollTop = near(place.y, place.height, picture.scrollTop, picture.clientHeight);
}

function focusPart(number) {
  current = number;
  refresh();
  scrollTo(number);
  drawing.shown.get(number).focus({ preventScroll: true });
}

function activate(number) {
  if (network.parts[number].children) toggle(number);
  else choose(number);
}

// Walking with the arrow keys

const isTitle = (number) => layout.clusters.has(number);

// Down: into an open block, else along the first edge, that of the main line before one past it.
function below(number) {
  if (isTitle(number)) return seenPart(network.parts[number].children[0]);
  const edges = layout.edges.filter((edge) => edge.source === number);
  const edge = edges.find((each) => !each.isSkip) ?? edges[0];
  return edge ? entry(edge.target, number) : number;
}

// The title of the outermost block that is entered on the way to a box, or the box.
function entry(target, from) {
  const around = (number) => (number < 0 ? [] : [...around(network.parts[number].parent), number]);
  const left = new Set(around(from));
  return around(target).find((number) => !left.has(number) && drawing.isSeen(number)) ?? target;
}

// Up: from the first box of a block to its title, else back along the edge.
function above(number) {
  const { parent } = network.parts[number];
  if (parent >= 0 && drawing.isSeen(parent) && seenPart(network.parts[parent].children[0]) === number) return parent;
  const edges = layout.edges.filter((edge) => isWithin(edge.target, number) && !isWithin(edge.source, number));
  return (edges.find((edge) => !edge.isSkip) ?? edges[0])?.source ?? number;
}

// To the left or right: the nearest part there, one at the same height before others.
function beside(number, direction) {
  const center = (place) => [place.x + place.width / 2, place.y + place.height / 2];
  const placeOf = (part) => layout.boxes.get(part) ?? { ...layout.clusters.get(part), height: 16, width: 60 };
  const [x, y] = center(placeOf(number));
  let best = number, least = Infinity;
  for (const other of layout.boxes.keys()) {
    const [toX, toY] = center(placeOf(other));
    const across = (toX - x) * direction;
    const cost = across + 3 * Math.abs(toY - y);
    if (across > 1 && cost < least) [best, least] = [other, cost];
  }
  return best;
}

function surrounding(number) {
  const { parent } = network.parts[number];
  if (isTitle(number)) return number;
  return parent < 0 || drawing.isSeen(parent) ? parent : surrounding(parent);
}

const seenInOrder = () => [...drawing.shown.keys()].sort((one, other) => one - other);

const WALKS = {
  ArrowDown: below,
  ArrowUp: above,
  ArrowLeft: (number) => beside(number, -1),
  ArrowRight: (number) => beside(number, 1),
  Home: () => seenInOrder()[0],
  End: () => seenInOrder().at(-1),
};

function keyInPicture(event) {
  const number = partOf(event.target);
  if (number === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const surround = surrounding(number);
  if (event.key in WALKS) focusPart(WALKS[event.key](number));
  else if (event.key === "Enter" || event.key === " ") activate(number);
  else if (event.key === "Backspace" && surround >= 0) toggle(surround);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Search

function search() {
  const words = searchField.value.toLowerCase().split(/\s+/).filter(Boolean);
  const isFound = (text) => text && words.length && words.every((word) => text.includes(word));
  matches = texts.flatMap((text, number) => (isFound(text) ? [number] : []));
  match = -1;
  const hidden = matches.filter((number) => seenPart(number) !== number).length;
  const count = matches.length ? `${plural(matches.length, "match", "matches")}${hidden ? `, ${hidden} in collapsed blocks` : ""}` : "no matches";
  byId("found").textContent = words.length ? count : "";
  refresh();
}

function nextMatch(step) {
  if (!matches.length) return;
  match = match < 0 && step < 0 ? matches.length - 1 : (match + step + matches.length) % matches.length;
  const number = matches[match];
  reveal(number);
  current = seenPart(number);
  choose(number);
  scrollTo(current);
  byId("found").textContent = `${match + 1} of ${matches.length}`;
  say(nameOf(network.parts[number]));
}

function leaveSearch() {
  searchField.value = "";
  search();
  focusPart(current);
}

function keyInSearch(event) {
  if (event.key === "Enter" || event.key === "ArrowDown") nextMatch(event.shiftKey ? -1 : 1);
  else if (event.key === "ArrowUp") nextMatch(-1);
  else if (event.key === "Escape") leaveSearch();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Buttons and keys of the whole page

function openAll(isOpen) {
  setOpen(blocks, isOpen);
  hideCard();
  show();
  fit(READABLE);
  say(`${layout.boxes.size} boxes`);
}

function asAtFirst() {
  setOpen(blocks, false);
  setOpen(network.open, true);
  show();
  fit(READABLE);
}

const THEMES = ["as the system", "light", "dark"];

function nextTheme() {
  const place = THEMES.indexOf(document.documentElement.dataset.theme ?? THEMES[0]);
  const theme = THEMES[(place + 1) % THEMES.length];
  if (theme === THEMES[0]) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme === THEMES[0] ? "system" : theme}`;
  say(`theme ${theme}`);
}

function setHeat(value) {
  drawing.heat = value === "" ? null : Number(value);
  byId("kinds").hidden = drawing.heat !== null;
  byId("shares").hidden = drawing.heat === null;
  show();
}

function dismiss() {
  hideCard();
  if (searchField.value) return leaveSearch();
  [chosen, marked] = [null, new Set()];
  markLines(null);
  pane.replaceChildren();
  refresh();
}

const KEYS = {
  "/": () => searchField.select(),
  "?": () => help.showModal(),
  Escape: dismiss,
  "+": () => zoomBy(1.25),
  "=": () => zoomBy(1.25),
  "-": () => zoomBy(0.8),
  0: () => fit(),
  e: () => openAll(true),
  c: () => openAll(false),
  r: asAtFirst,
  s: () => savePicture("svg"),
  p: () => savePicture("png"),
  t: nextTheme,
};

function keyAnywhere(event) {
  const isWriting = event.target.matches?.("input, select, dialog *");
  if (isWriting || help.open || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
}

// Mouse and touch

function partOf(target) {
  const element = target.closest?.("[data-part]");
  return element ? Number(element.dataset.part) : null;
}

let drag = null, wasDragged = false;

function startDrag(event) {
  wasDragged = false;
  if (event.button !== 0 || event.pointerType === "touch") return;
  drag = { x: event.clientX, y: event.clientY, left: picture.scrollLeft, top: picture.scrollTop, moved: false };
}

function moveDrag(event) {
  if (!drag) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.moved && Math.hypot(dx, dy) < 5) return;
  if (!drag.moved) picture.setPointerCapture(event.pointerId);
  drag.moved = true;
  hideCard();
  picture.classList.add("dragging");
  picture.scrollTo(drag.left - dx, drag.top - dy);
}

function endDrag() {
  picture.classList.remove("dragging");
  wasDragged = Boolean(drag?.moved);
  drag = null;
}

function clickPicture(event) {
  const number = partOf(event.target);
  if (number === null || wasDragged) return;
  current = number;
  activate(number);
  focusPart(number);
}

function wheel(event) {
  if (!event.ctrlKey) return;
  event.preventDefault();
  const { left, top } = picture.getBoundingClientRect();
  zoomBy(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
}

function hover(event) {
  const number = partOf(event.target);
  if (number === null || drag?.moved) hideCard();
  else showCard(number);
}

function clickSource(event) {
  const line = event.target.closest(".line");
  if (!line || String(getSelection())) return;
  event.preventDefault();
  const [source, number] = line.id.slice(1).split("L").map(Number);
  chooseLine(source, number);
}

// The beginning

function followAddress() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const number = network.parts.findIndex((part) => part.kind && part.id === wanted);
  const line = /^S(\d+)L(\d+)$/.exec(wanted);
  if (line && byId(wanted)) chooseLine(Number(line[1]), Number(line[2]));
  if (number < 0) return;
  reveal(number);
  choose(number);
  focusPart(seenPart(number));
}

function listen() {
  picture.addEventListener("keydown", keyInPicture);
  picture.addEventListener("click", clickPicture);
  picture.addEventListener("pointerdown", startDrag);
  picture.addEventListener("pointermove", moveDrag);
  picture.addEventListener("pointerup", endDrag);
  picture.addEventListener("pointercancel", endDrag);
  picture.addEventListener("pointerover", hover);
  picture.addEventListener("pointerleave", hideCard);
  picture.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && hover(event));
  picture.addEventListener("focusout", hideCard);
  picture.addEventListener("scroll", () => drag && hideCard());
  picture.addEventListener("wheel", wheel, { passive: false });
  byId("source").addEventListener("click", clickSource);
  searchField.addEventListener("input", search);
  searchField.addEventListener("keydown", keyInSearch);
  document.addEventListener("keydown", keyAnywhere);
  byId("colour").addEventListener("change", (event) => setHeat(event.target.value));
  const buttons = {
    expand: () => openAll(true),
    collapse: () => openAll(false),
    reset: asAtFirst,
    closer: () => zoomBy(1.25),
    farther: () => zoomBy(0.8),
    fit: () => fit(),
    svg: () => savePicture("svg"),
    png: () => savePicture("png"),
    theme: nextTheme,
    keys: () => help.showModal(),
  };
  for (const [id, press] of Object.entries(buttons)) byId(id).addEventListener("click", press);
}

function begin() {
  const theme = document.documentElement.dataset.theme;
  if (theme) byId("theme").textContent = `Theme: ${theme}`;
  for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
  for (const id of ["expand", "collapse", "reset"]) byId(id).hidden = !blocks.length;
  byId("printed").remove();
  picture.append(root);
  for (const line of document.querySelectorAll(".line")) {
    const [source, number] = line.id.slice(1).split("L").map(Number);
    line.classList.toggle("linked", partsOfLine(source, number).length > 0);
  }
  byId("colour").value = network.heat < 0 ? "" : network.heat;
  setHeat(byId("colour").value);
  fit(READABLE);
  listen();
  followAddress();
}

begin();
