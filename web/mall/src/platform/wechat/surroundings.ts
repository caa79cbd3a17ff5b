/** The WeChat mini program as the mall's surroundings. `browser/surroundings.ts` has the same names. */
import type { Kept } from "@jifen/shared/intentions";

import { carry } from "./carry";

/** Where the API is: no page has a host here, so the build names it. */
export const HOST: string = import.meta.env.VITE_API_HOST;

/** The pages for browsers are where the API is: a link leads there. */
export const pageAddress: string = HOST;

/** The refresh token comes in the answer's body: there is no cookie. */
export const CLIENT: Record<string, string> = {};

const DAY_MS = 86_400_000;

/** WeChat may end the mini program at any time: what is passing outlives that, for a day. */
export const passing: Kept = {
  getItem: (name) => {
    const kept = uni.getStorageSync(`passing:${name}`) as { value: string; until: number } | "";
    return kept !== "" && kept.until > Date.now() ? kept.value : null;
  },
  setItem: (name, value) =>
    uni.setStorageSync(`passing:${name}`, { value, until: Date.now() + DAY_MS }),
  removeItem: (name) => uni.removeStorageSync(`passing:${name}`),
};

/** Forget what was being done: whoever uses this phone next may be somebody else. */
export function forgetPassing(): void {
  uni
    .getStorageInfoSync()
    .keys.filter((name) => name.startsWith("passing:"))
    .forEach((name) => uni.removeStorageSync(name));
}

export function send(request: Request): Promise<Response> {
  return carry(request);
}

let online = true;
uni.getNetworkType({ success: ({ networkType }) => (online = networkType !== "none") });
uni.onNetworkStatusChange(({ isConnected }) => (online = isConnected));

export function isOnline(): boolean {
  return online;
}

const KEY_BYTES = 16;
const DRAWN = 32;
const FEW = 8;
const keys: string[] = [];
draw();

/**
 * A new random key: 32 hexadecimal digits.
 *
 * WeChat gives random bytes later, so keys are drawn ahead. Raises Error where none is there yet:
 * the next try finds one.
 */
export function randomKey(): string {
  const key = keys.pop();
  if (keys.length < FEW) draw();
  if (key === undefined) throw new Error("random bytes are on their way");
  return key;
}

function draw(): void {
  wx.getRandomValues({
    length: KEY_BYTES * DRAWN,
    success: ({ randomValues }) => {
      const digits = Array.from(new Uint8Array(randomValues), (byte) =>
        byte.toString(16).padStart(2, "0"),
      ).join("");
      keys.push(...(digits.match(/.{32}/g) ?? []));
    },
  });
}

/** A page has no address here that a person sees. */
export function keepAddress(): void {}

/** The language that WeChat is set to. */
export function deviceLanguage(): string {
  return uni.getLocale();
}
