/** The browser as the mall's surroundings. `wechat/surroundings.ts` has the same names. */
import type { Kept } from "@jifen/shared/intentions";

/** Where the API is: the page's own host. */
export const HOST: string = "";

/** Headers that ask for the refresh token as a cookie. */
export const CLIENT: Record<string, string> = { "Jifen-Client": "web" };

/** Kept over a reload of this window, not shared with others. */
export const passing: Kept = window.sessionStorage;

export function send(request: Request): Promise<Response> {
  return fetch(request);
}

export function isOnline(): boolean {
  return navigator.onLine;
}

/** Run one task at a time among all windows of this browser. */
export function alone<T>(name: string, task: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, task) as Promise<T>;
}

/** A new random key: 32 hexadecimal digits. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Write the shown page's path into its address, so that a reload and a shared link find it. */
export function keepAddress(path: string): void {
  window.history.replaceState({ ...window.history.state, current: path }, "", path);
}

/** Tell assistive software, the browser and uni-app's own parts which language is spoken. */
export function declareLanguage(language: string): void {
  document.documentElement.lang = language;
  uni.setLocale(language === "en" ? "en" : "zh-Hans");
}
