/** Going from page to page. Paths are as in pages.json, with a query: `/pages/order/detail?id=…`. */
import { keepAddress } from "#platform/surroundings";

export const HOME = "/pages/home/index";
/** Shown in place of a page that an error left empty. */
export const BROKEN = "/pages/broken/index";
/** Shown for an address that no page has. */
export const MISSING = "/pages/missing/index";
/** Shown where another window signed another member in. */
export const SWITCHED = "/pages/switched/index";

type Query = Record<string, string | number | null | undefined>;

/** A path with its query; what is null or undefined is left out. */
export function path(page: string, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? page : `${page}?${parts.join("&")}`;
}

/** Open a page on top of this one. */
export function go(url: string): void {
  uni.navigateTo({ url });
}

/** Open a page in place of this one: going back does not come here again. */
export function instead(url: string): void {
  uni.redirectTo({ url });
}

/** Open a page and forget those below it. */
export function restart(url: string): void {
  uni.reLaunch({ url });
}

/** Go back, or to `otherwise` where a link opened this page first. */
export function back(otherwise: string = HOME): void {
  if (getCurrentPages().length > 1) uni.navigateBack();
  else instead(otherwise);
}

/**
 * The page of the mall that a link's `next` names, else the home page.
 *
 * A link may carry a page to go on to. It never leads to another host.
 */
export function ownPage(next: string | undefined): string {
  const wanted = decoded(next ?? "");
  return wanted !== null && /^\/pages\/[a-z/-]+(\?[^\\]*)?$/.test(wanted) ? wanted : HOME;
}

/** The text of a query's value; `null` where it is none. Pages get their queries as they came. */
export function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/** Write this page's query into its address, so that a reload and a shared link find it again. */
export function keepQuery(query: Query): void {
  keepAddress(path(here().split("?")[0], query));
}

/** The path with its query of the page that is shown. */
export function here(): string {
  const shown = getCurrentPages().at(-1) as { $page?: { fullPath: string } } | undefined;
  return shown?.$page?.fullPath ?? HOME;
}
