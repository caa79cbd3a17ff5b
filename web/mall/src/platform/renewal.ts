/**
 * How this client keeps its refresh token, and exchanges it.
 *
 * In the browser the API keeps it in a cookie that no script can read; here stands only that there
 * is one. The mini program keeps the token itself.
 */
import { failureBehind, failureOf, SignedOut } from "@jifen/shared/failures";
import { accessOf, type Access, type Renewal } from "@jifen/shared/session";
import type { Schema } from "@jifen/shared/schema";

import { alone, CLIENT, HOST, isOnline, send } from "#platform/surroundings";
import { lasting } from "./storage";

const NAME = "refresh-token";
const IN_COOKIE = "cookie";

type Tokens = Schema<"TokensView">;

/** Keep what a sign-in or an exchange gave. */
export function keep(tokens: { refresh_token?: string }): void {
  lasting.setItem(NAME, tokens.refresh_token ?? IN_COOKIE);
}

export function forget(): void {
  lasting.removeItem(NAME);
}

export const renewal: Renewal = {
  lasts: () => lasting.getItem(NAME) !== null,
  alone: (task) => alone(NAME, task),
  renew: async () => {
    const kept = lasting.getItem(NAME);
    if (kept === null) return null;
    try {
      return await exchange(kept);
    } catch (error) {
      const failure = failureBehind(error, isOnline());
      if (!(failure instanceof SignedOut)) throw failure;
      forget();
      return null;
    }
  },
};

async function exchange(kept: string): Promise<Access> {
  const response = await send(
    new Request(`${HOST}/v1/auth/sessions/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...CLIENT },
      body: JSON.stringify(kept === IN_COOKIE ? {} : { refresh_token: kept }),
    }),
  );
  const found: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, found);
  const tokens = found as Tokens;
  keep(tokens);
  return accessOf(tokens.access_token, tokens.expires_in, Date.now());
}
