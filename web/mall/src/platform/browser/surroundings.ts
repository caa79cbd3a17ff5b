/** The browser as the mall's surroundings. `wechat/surroundings.ts` has the same names. */
import { WEB, randomKey as newKey } from "@jifen/shared/browser";
import type { Kept } from "@jifen/shared/intentions";

/** Where the API is: the page's own host. */
export const HOST: string = "";

/** The address of the mall's pages, for links that leave it. */
export const pageAddress: string = window.location.origin;

/** Headers that ask for the refresh token as a cookie. */
export const CLIENT: Record<string, string> = WEB;

/** Kept over a reload of this window, not shared with others. */
export const passing: Kept = window.sessionStorage;

/** Forget what was being done: whoever uses this window next may be somebody else. */
export function forgetPassing(): void {
  window.sessionStorage.clear();
}

export function send(request: Request): Promise<Response> {
  return fetch(request);
}

export function isOnline(): boolean {
  return navigator.onLine;
}

/** A new random key: 32 hexadecimal digits. */
export const randomKey = newKey;

/** Write the shown page's path into its address, so that a reload and a shared link find it. */
export function keepAddress(path: string): void {
  window.history.replaceState({ ...window.history.state, current: path }, "", path);
}

/** The language that this browser is set to. */
export function deviceLanguage(): string {
  return navigator.language;
}
