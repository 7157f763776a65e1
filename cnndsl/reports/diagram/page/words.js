// Adds to the parts of the network what is left out where it follows from the rest.
function complete({ parts, formulas }) {
  for (const [number, part] of parts.entries()) {
    part.parent ??= -1;
    part.id ??= `${part.children ? "block" : "layer"}-${part.path ?? ""}`;
    part.heading ??= part.rows?.[0][0];
    part.formulas = (part.formulas ?? []).map((place) => formulas[place]);
    for (const child of part.children ?? []) parts[child].parent = number;
  }
}

complete(network);

// What is said of a part: to readers of the screen, in the card beside it, and in the pane.

const formatted = (number) => number.toLocaleString("en-US");
const plural = (number, word, words = `${word}s`) => `${formatted(number)} ${number === 1 ? word : words}`;

const costOf = (part) => part.cost ?? [0, 0, 0];
const repeatsOf = (part) => part.repeats ?? 1;

function bytes(number) {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0, left = number;
  while (left >= 1024 && unit < units.length - 1) [left, unit] = [left / 1024, unit + 1];
  return unit ? `${left.toFixed(1)} ${units[unit]}` : plural(number, "byte");
}

function shareOf(part, heat) {
  const total = network.cost[heat];
  return total ? (repeatsOf(part) * costOf(part)[heat]) / total : 0;
}

function shareText(share) {
  if (!share) return "";
  return share < 0.0005 ? "<0.1 %" : `${(100 * share).toFixed(1)} %`;
}

// What a box shows: its share of the network, or its parameters.
function figureFor(part, heat) {
  if (part.kind === "io" && !costOf(part)[0]) return "";
  if (heat !== null) return shareText(shareOf(part, heat));
  const [parameters] = costOf(part);
  const times = part.count ? `${part.count} x ` : "";
  return parameters ? `${times}${formatted(parameters)} parameters` : "";
}

// The accessible name: `conv 64 7x7, stride 2, output 64x112x112, 9,408 parameters`.
function nameOf(part) {
  const folded = (part.folded ?? []).map(([heading]) => heading);
  const texts = [
    part.heading,
    ...(part.details ?? []),
    folded.length ? `then ${folded.join(" and ")}` : "",
    part.output ? `output ${part.output}` : "",
    costOf(part)[0] ? plural(costOf(part)[0], "parameter") : "",
    part.count ? `${part.count} in a row` : "",
    part.path && part.path !== part.heading ? `named ${part.path}` : "",
  ];
  return texts.filter(Boolean).join(", ");
}

// Whether a part is another or in it.
const isWithin = (part, block) => part >= 0 && (part === block || isWithin(network.parts[part].parent, block));

// The facts of a part as pairs of a word and a text; a list of texts where there are several.
function factsOf(number, layout) {
  const part = network.parts[number];
  const entering = layout.edges.filter((edge) => isWithin(edge.target, number) && !isWithin(edge.source, number));
  const inputs = entering.map((edge) => edge.shape);
  const [parameters, macs, memory] = costOf(part);
  const copies = repeatsOf(part);
  const cost = (count, heat, text) => {
    if (!count) return "";
    const times = copies > 1 ? ` x ${copies} copies` : "";
    return `${text}${times} (${shareText(shareOf(part, heat))} of the network)`;
  };
  const facts = [
    ["name", part.path],
    ["settings", (part.details ?? []).join(", ")],
    ["then", (part.folded ?? []).map(([heading, path]) => (path ? `${heading} (${path})` : heading))],
    ["input", [...new Set(inputs)].join(" and ")],
    ["output", part.output],
    ["receptive field", part.field],
    ["formula", part.formulas ?? []],
    ["parameters", cost(parameters, 0, formatted(parameters))],
    ["multiply-accumulates", cost(macs, 1, formatted(macs))],
    ["memory", cost(memory, 2, bytes(memory))],
    ["source", part.lines ? `${sourceNames[part.lines[0]]}, line ${part.lines[1]}` : ""],
  ];
  return facts.filter(([, text]) => text?.length);
}

// Fills an element with a heading and the facts of a part.
function tell(element, number, layout) {
  const heading = document.createElement("h2");
  const part = network.parts[number];
  heading.textContent = part.count ? `${part.heading} x${part.count}` : part.heading;
  const list = document.createElement("dl");
  for (const [word, text] of factsOf(number, layout)) {
    const term = document.createElement("dt");
    term.textContent = word;
    list.append(term);
    for (const line of [text].flat()) {
      const said = document.createElement("dd");
      said.className = word === "formula" ? "formula" : "";
      said.textContent = line;
      list.append(said);
    }
  }
  element.replaceChildren(heading, list);
}

// All texts by which a part is found.
function searchText(part) {
  const folded = (part.folded ?? []).flat().filter((text) => typeof text === "string");
  const kind = network.words[part.kind] ?? part.kind;
  const incoming = network.edges.filter(([, target]) => network.parts[target] === part).map(([, , shape]) => shape);
  const texts = [part.heading, part.path, part.kind, kind, part.output, ...(part.details ?? []), ...folded, ...incoming];
  return texts.filter(Boolean).join(" ").toLowerCase();
}
