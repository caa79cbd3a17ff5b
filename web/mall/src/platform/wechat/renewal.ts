/** The refresh token in the app's storage. `browser/renewal.ts` has the same names. */
import type { Jifen } from "@jifen/shared/client";
import { refresh } from "@jifen/shared/refresh";
import { accessOf, type Renewal } from "@jifen/shared/session";

import { lasting } from "#platform/storage";

const NAME = "refresh-token";

/** Keep what a sign-in or an exchange gave. */
export function keep(tokens: { refresh_token?: string }): void {
  if (tokens.refresh_token !== undefined) lasting.setItem(NAME, tokens.refresh_token);
}

export function forget(): void {
  lasting.removeItem(NAME);
}

export function renewalBy(visitor: Jifen): Renewal {
  return {
    // There is one window: its session already shares one exchange.
    alone: (task) => task(),
    renew: async () => {
      const kept = lasting.getItem(NAME);
      if (kept === null) return null;
      const tokens = await refresh(visitor, { refresh_token: kept }, {});
      if (tokens === null) forget();
      else keep(tokens);
      return tokens && accessOf(tokens.member_id, tokens);
    },
  };
}

export function watchWindows(): void {}
