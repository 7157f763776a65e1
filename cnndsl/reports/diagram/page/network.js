// What the page is about: the network, which stands packed in it, and the names of the sources that it shows.

const network = await unpacked(document.getElementById("data").textContent);
const sourceNames = [...document.querySelectorAll("#source h2")].map((each) => each.textContent);

// JSON that was deflated and written in base64. A browser that cannot unpack it stops here, and keeps the printed picture.
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}
