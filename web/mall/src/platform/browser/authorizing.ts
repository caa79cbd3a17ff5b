/** Sign-in by WeChat and QQ in a browser: a page of theirs asks, and leads back to one of ours. */
import type { Schema } from "@jifen/shared/schema";

/** The page of ours that a provider leads back to; "" where it leads nowhere. */
export const RETURN: string = `${window.location.origin}/pages/sign-in/return`;

/** Whether a provider signs people in where this runs. */
export function offers({ places }: Schema<"SignInWay">): boolean {
  const inWechat = /micromessenger/i.test(navigator.userAgent);
  return places.includes(inWechat ? "wechat_browser" : "browser");
}

/** A code for the app that this runs in; a browser has none of its own. */
export function ownCode(): Promise<string | null> {
  return Promise.resolve(null);
}
