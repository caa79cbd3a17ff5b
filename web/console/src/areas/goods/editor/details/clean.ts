/** The elements of a description, as the API keeps them; others leave their content alone. */
const KEPT = new Set(
  (
    "p br hr h2 h3 h4 strong b em i u s sub sup ul ol li blockquote a img " +
    "table thead tbody tr th td figure figcaption"
  ).split(" "),
);
const LOST = new Set("script style title textarea noscript svg math template iframe".split(" "));
const ATTRIBUTES: Record<string, readonly string[]> = {
  a: ["href"],
  img: ["src", "alt"],
  th: ["colspan", "rowspan"],
  td: ["colspan", "rowspan"],
};

/**
 * What HTML shows, as nodes of this page with the elements of a text alone.
 *
 * A document of a parser runs no script and loads no picture.
 */
export function nodesOf(html: string): Node[] {
  const read = new DOMParser().parseFromString(html, "text/html");
  return [...read.body.childNodes].flatMap(cleaned);
}

/** HTML with the elements of a text alone; empty where it shows nothing. */
export function cleanHtml(html: string): string {
  const holder = document.createElement("div");
  holder.append(...nodesOf(html));
  const isShown = holder.textContent?.trim() || holder.querySelector("img, hr, table");
  return isShown ? holder.innerHTML : "";
}

function cleaned(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? "")];
  return node.nodeType === Node.ELEMENT_NODE ? cleanedElement(node as Element) : [];
}

function cleanedElement(element: Element): Node[] {
  if (LOST.has(element.localName)) return [];
  const inner = [...element.childNodes].flatMap(cleaned);
  // An editor makes a line of a text a `div`.
  const isLine = element.localName === "div" && !hasBlocks(element);
  const name = isLine ? "p" : element.localName;
  if (!KEPT.has(name)) return inner;
  const made = document.createElement(name);
  takeAttributes(made, element);
  if (name === "img" && !made.hasAttribute("src")) return [];
  made.append(...inner);
  return [made];
}

function takeAttributes(made: Element, from: Element): void {
  for (const attribute of ATTRIBUTES[made.localName] ?? []) {
    const value = from.getAttribute(attribute);
    if (value !== null && isFit(attribute, value)) made.setAttribute(attribute, value);
  }
}

function hasBlocks(element: Element): boolean {
  return element.querySelector("p, div, ul, ol, table, h2, h3, h4, blockquote") !== null;
}

function isFit(attribute: string, value: string): boolean {
  if (attribute === "src") return /^(https:\/\/|\/pictures\/)[!-~]+$/.test(value);
  if (attribute === "href") return /^(https:\/\/|\/(?!\/))[!-~]*$/.test(value);
  return true;
}
