/**
 * How the browser keeps a session: the refresh token is a cookie that no script reads, and all
 * windows know whose it is. `wechat/renewal.ts` has the same names.
 */
import { cookieRenewal, holder } from "@jifen/shared/browser";
import type { Schema } from "@jifen/shared/schema";

export const renewalBy = cookieRenewal;

/** Keep whose session the cookie of a sign-in is. */
export function keep(login: Schema<"LoginView">): void {
  holder.keep(login.member.id);
}

export const forget = holder.forget;

/** Call `told` when another window signs in or out. */
export const watchWindows = holder.watch;
