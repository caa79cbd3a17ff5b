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

/**
 * Run one task at a time among all windows of this browser.
 *
 * Who waits for another window's task gets its result: two windows renew a session once.
 */
export async function alone<T>(name: string, task: () => Promise<T>): Promise<T> {
  const windows = new BroadcastChannel(name);
  const told = new Promise<{ done: T }>((resolve) => {
    windows.onmessage = ({ data }: MessageEvent<{ done: T }>) => resolve(data);
  });
  const first = { ifAvailable: true };
  try {
    return await navigator.locks.request(name, first, async (lock) => {
      if (lock !== null) return tell(windows, await task());
      return (await navigator.locks.request(name, async () => {
        const result = await Promise.race([told, later(TELLING_MS)]);
        return result?.done ?? tell(windows, await task());
      })) as T;
    });
  } finally {
    windows.close();
  }
}

/** The longest that a result takes from window to window after its lock is free. */
const TELLING_MS = 200;

function tell<T>(windows: BroadcastChannel, done: T): T {
  windows.postMessage({ done });
  return done;
}

function later(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
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
