/**
 * How this client keeps its refresh token, and exchanges it.
 *
 * In the browser the API keeps it in a cookie that no script can read; here stands only that there
 * is one. The mini program keeps the token itself.
 */
import type { Jifen } from "@jifen/shared/client";
import { refresh } from "@jifen/shared/refresh";
import { accessOf, type Renewal } from "@jifen/shared/session";

import { alone, CLIENT } from "#platform/surroundings";
import { lasting } from "./storage";

const NAME = "refresh-token";
const IN_COOKIE = "cookie";

/** Keep what a sign-in or an exchange gave. */
export function keep(tokens: { refresh_token?: string }): void {
  lasting.setItem(NAME, tokens.refresh_token ?? IN_COOKIE);
}

export function forget(): void {
  lasting.removeItem(NAME);
}

export function renewalBy(visitor: Jifen): Renewal {
  return {
    alone,
    lasts: () => lasting.getItem(NAME) !== null,
    renew: async () => {
      const kept = lasting.getItem(NAME);
      if (kept === null) return null;
      const tokens = await refresh(visitor, bodyOf(kept), CLIENT);
      if (tokens === null) forget();
      else keep(tokens);
      return tokens && accessOf(tokens);
    },
  };
}

function bodyOf(kept: string) {
  return kept === IN_COOKIE ? {} : { refresh_token: kept };
}
