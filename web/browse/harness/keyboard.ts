/** Walks a page with the Tab key, as a person without a mouse does. */
import type { CDPSession, JSHandle, Page } from "playwright-core";

const MOST_STOPS = 300;
/** Month, day, year, hour, minute, half of the day, and the button that opens a calendar. */
const MOST_PARTS = 7;

export interface Stop {
  role: string;
  name: string;
  /** The element's opening tag, for reports. */
  tag: string;
}

interface Focused {
  element: JSHandle;
  stop: Stop;
  look: string;
}

/**
 * Press Tab until the page is through; the stops in their order.
 *
 * Raises Error that lists the stops without a name, those that look the same with and without the
 * focus, and a stop that the focus cannot leave.
 */
export async function walk(page: Page): Promise<Stop[]> {
  const session = await page.context().newCDPSession(page);
  const passed: Focused[] = [];
  const wrong: string[] = [];
  const step = () => nextElement(page, passed.at(-1));
  for (let element = await step(); element !== null; element = await step()) {
    if (await isTrap(passed, element))
      wrong.push(`the focus cannot leave: ${passed.at(-1)?.stop.tag}`);
    if (await isAny(passed, element)) break;
    wrong.push(...(await invisible(passed.at(-1))));
    const stop = await stopAt(session, page);
    if (stop.name === "") wrong.push(`no name: ${stop.tag}`);
    passed.push({ element, stop, look: await look(element) });
    if (passed.length === MOST_STOPS) throw new Error(`more than ${MOST_STOPS} stops`);
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  wrong.push(...(await invisible(passed.at(-1))));
  await session.detach();
  if (wrong.length > 0) throw new Error(`By keyboard, ${page.url()}:\n  ${wrong.join("\n  ")}`);
  return passed.map(({ stop }) => stop);
}

/** The element after the last one, past the parts of a time's control: each of them is a stop. */
async function nextElement(page: Page, last: Focused | undefined): Promise<JSHandle | null> {
  let element = await next(page);
  for (let part = 1; part < MOST_PARTS && (await isPart(last, element)); part += 1) {
    element = await next(page);
  }
  return element;
}

async function isPart(last: Focused | undefined, element: JSHandle | null): Promise<boolean> {
  if (last === undefined || element === null) return false;
  return (element as JSHandle<Element>).evaluate((found, other) => {
    const isTime = /^(date|datetime-local|month|time)$/.test(found.getAttribute("type") ?? "");
    return found === other && isTime;
  }, last.element as JSHandle<Element>);
}

/** Press Tab; the element that has the focus then, or null when it has left the page. */
async function next(page: Page): Promise<JSHandle | null> {
  await page.keyboard.press("Tab");
  const element = await page.evaluateHandle(() => {
    const found = document.activeElement;
    return found === document.body || found === document.documentElement ? null : found;
  });
  return (await element.evaluate((found) => found === null)) ? null : element;
}

/** More than one stop, and Tab stays at the last of them. */
async function isTrap(passed: Focused[], element: JSHandle): Promise<boolean> {
  return passed.length > 1 && (await isAny(passed.slice(-1), element));
}

async function isAny(passed: Focused[], element: JSHandle): Promise<boolean> {
  const elements = passed.map((each) => each.element);
  for (const each of elements) {
    if (await each.evaluate((one, other) => one === other, element)) return true;
  }
  return false;
}

/** The complaint about a stop that the focus has left, if it looked the same with it. */
async function invisible(left: Focused | undefined): Promise<string[]> {
  if (left === undefined || (await look(left.element)) !== left.look) return [];
  return [`the focus is not visible: ${left.stop.tag}`];
}

/** How an element and what is around it look, as far as a focus is shown by it. */
async function look(element: JSHandle): Promise<string> {
  return element.evaluate((found) => {
    const around: Element[] = [];
    for (let each = found as Element | null; each && around.length < 4; each = each.parentElement) {
      around.push(each);
    }
    const names = ["outline", "boxShadow", "border", "backgroundColor", "textDecoration"] as const;
    const shown = (each: Element, part?: string) => {
      const style = getComputedStyle(each, part);
      return names.map((name) => (name === "outline" ? outline(style) : style[name])).join(" ");
    };
    // An outline of no style is none, whatever its colour.
    const outline = (style: CSSStyleDeclaration) =>
      style.outlineStyle === "none" ? "none" : style.outline;
    return around
      .map((each) => [undefined, "::before", "::after"].map((part) => shown(each, part)))
      .join();
  });
}

async function stopAt(session: CDPSession, page: Page): Promise<Stop> {
  const tag = await page.evaluate(
    () => (document.activeElement?.cloneNode(false) as Element | undefined)?.outerHTML ?? "",
  );
  const { result } = await session.send("Runtime.evaluate", {
    expression: "document.activeElement",
  });
  const { nodes } = await session.send("Accessibility.getPartialAXTree", {
    objectId: result.objectId,
    fetchRelatives: false,
  });
  const [node] = nodes;
  return {
    role: String(node?.role?.value ?? ""),
    name: String(node?.name?.value ?? "").trim(),
    tag: tag.slice(0, 160),
  };
}
