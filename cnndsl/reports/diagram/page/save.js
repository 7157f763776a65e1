// Saves what is drawn as a file: SVG that stands by itself, with its colours in it, or PNG of that.

const STYLE = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order",
  "font-family", "font-size", "font-weight",
];
const ONLY_HERE = ".halo, .hit, .handle, .sign";
const PIXELS = 3, MOST_PIXELS = 16000; // for each unit of the drawing, and along a side of what browsers can draw

function standaloneSvg() {
  const copy = root.cloneNode(true), shown = root.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, number) => {
    if (shown[number].matches(ONLY_HERE)) element.remove();
    else paint(element, getComputedStyle(shown[number]));
  });
  const [x, y, width, height] = root.getAttribute("viewBox").split(" ");
  for (const name of copy.getAttributeNames()) if (name !== "viewBox") copy.removeAttribute(name);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.prepend(svg("rect", { x, y, width, height, fill: getComputedStyle(picture).backgroundColor }));
  const title = svg("title", {});
  title.textContent = picture.dataset.name;
  copy.prepend(title);
  return new XMLSerializer().serializeToString(copy);
}

// The look that the style sheet gives an element, as attributes.
function paint(element, style) {
  const isDrawn = ["rect", "path", "text"].includes(element.tagName);
  for (const name of element.getAttributeNames()) {
    if (/^(class|style|role|tabindex|aria-|data-)/.test(name)) element.removeAttribute(name);
  }
  if (style.transform !== "none") element.setAttribute("transform", style.transform);
  const names = STYLE.filter((name) => isDrawn && (element.tagName === "text" || !name.startsWith("font")));
  for (const name of names) element.setAttribute(name, style.getPropertyValue(name));
}

function savePicture(suffix) {
  const name = picture.dataset.name.split(",")[0].replace(/[^\p{L}\p{N}_-]+/gu, "_");
  const file = new Blob([standaloneSvg()], { type: "image/svg+xml" });
  const keep = (blob) => saveFile(blob, `${name}.${suffix}`);
  if (suffix === "svg") keep(file);
  else drawOn(file, keep);
}

function drawOn(file, done) {
  const image = new Image();
  image.onload = () => {
    const scale = Math.min(PIXELS, MOST_PIXELS / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    canvas.toBlob(done, "image/png");
  };
  image.src = URL.createObjectURL(file);
}

function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`saved ${name}`);
}
