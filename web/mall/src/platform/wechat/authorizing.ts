/** Sign-in in the mini program: WeChat gives it a code. `browser/authorizing.ts` has the same names. */
import type { Schema } from "@jifen/shared/schema";

/** No page asks, so none leads back. */
export const RETURN: string = "";

export function offers({ provider, places }: Schema<"SignInWay">): boolean {
  return provider === "wechat" && places.includes("mini_program");
}

/** Raises Error where WeChat gives none, as without a network. */
export function ownCode(): Promise<string | null> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: "weixin",
      success: ({ code }) => (code ? resolve(code) : reject(new Error("WeChat gave no code"))),
      fail: ({ errMsg }: { errMsg: string }) => reject(new Error(errMsg)),
    });
  });
}
