/** Reads WXML: WeChat's markup, which is neither HTML nor XML. */

export interface Element {
  tag: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

const TOKEN =
  /<!--[\s\S]*?-->|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w:.-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+|</g;
const ATTRIBUTE = /([\w:.-]+)(?:="([^"]*)")?/g;

/** The elements and texts of a file. Raises Error where it is not well formed. */
export function parse(wxml: string): (Element | string)[] {
  const root: Element = { tag: "", attributes: {}, children: [] };
  const open = [root];
  for (const match of wxml.matchAll(TOKEN)) take(open, match);
  if (open.length > 1) throw new Error(`<${open.at(-1)?.tag}> does not end`);
  return root.children;
}

function take(open: Element[], [whole, closed, tag, attributes, alone]: RegExpMatchArray): void {
  const top = open[open.length - 1] as Element;
  if (closed !== undefined) close(open, closed);
  else if (tag !== undefined) begin(open, tag, attributes as string, alone === "/");
  else if (whole === "<") throw new Error(`a tag that does not end, in <${top.tag}>`);
  else if (!whole.startsWith("<!--")) top.children.push(whole);
}

function begin(open: Element[], tag: string, attributes: string, alone: boolean): void {
  const element = { tag, attributes: read(attributes), children: [] };
  open.at(-1)?.children.push(element);
  if (!alone) open.push(element);
}

function close(open: Element[], tag: string): void {
  const ended = open.length > 1 ? open.pop()?.tag : "";
  if (ended !== tag) throw new Error(`</${tag}> ends <${ended}>`);
}

function read(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name, value]) => [name as string, value ?? ""]),
  );
}

/** All elements, each with the tag of the one around it. */
export function* walk(
  nodes: (Element | string)[],
  within = "",
): Generator<{ element: Element; within: string }> {
  for (const element of nodes) {
    if (typeof element === "string") continue;
    yield { element, within };
    yield* walk(element.children, element.tag);
  }
}

/** WeChat's own elements that the mall uses. */
const OWN = new Set([
  ...["view", "text", "block", "slot", "button", "input", "textarea", "slider", "picker", "image"],
  ...["scroll-view", "swiper", "swiper-item", "label", "form", "switch", "checkbox", "radio"],
  ...["checkbox-group", "radio-group", "navigator", "rich-text", "web-view", "canvas", "progress"],
]);

/** What is wrong with a file whose JSON declares `components`. */
export function flawsOf(wxml: string, components: readonly string[]): string[] {
  let nodes;
  try {
    nodes = parse(wxml);
  } catch (error) {
    return [(error as Error).message];
  }
  return [...walk(nodes)].flatMap(({ element: { tag }, within }) => {
    if (!OWN.has(tag) && !components.includes(tag)) return [`<${tag}> is not declared`];
    return within === "text" && tag !== "text" ? [`<${tag}> within <text> is not shown`] : [];
  });
}
