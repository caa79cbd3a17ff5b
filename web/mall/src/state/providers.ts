/** Sign-in by WeChat and QQ: where it is offered, how it begins, and what a browser comes back to. */
import type { Schema } from "@jifen/shared/schema";
import { computed } from "vue";

import { offers, ownCode, RETURN } from "#platform/authorizing";
import { leaveFor } from "#platform/leaving";
import { passing } from "#platform/surroundings";
import { ways } from "@/state/facts";
import { answer, jifen } from "@/state/jifen";

export type Proof = Schema<"AccountProof">;
export type Provider = Proof["grant"];
export type Purpose = "enter" | "link";

/** What a browser left for: `next` is the page to go on to. */
export interface Begun {
  provider: Provider;
  purpose: Purpose;
  state: string;
  next: string | undefined;
}

const KEPT = "at-provider";

/** The providers that are offered here. */
export const providers = computed(() => ways.value.filter(offers).map(({ provider }) => provider));

/**
 * The proof of an account where the provider gives it at once. A browser leaves for the provider's
 * page: `null`.
 */
export async function authorize(
  provider: Provider,
  purpose: Purpose,
  next: string | undefined,
): Promise<Proof | null> {
  const code = await ownCode();
  if (code !== null) return { grant: provider, app: "mini_program", code };
  const params = { path: { provider }, query: { app: "h5", redirect: RETURN } } as const;
  const { url, state } = await answer(jifen.GET("/v1/auth/{provider}/authorization", { params }));
  passing.setItem(KEPT, JSON.stringify({ provider, purpose, state, next } satisfies Begun));
  if (url !== null) leaveFor(url);
  return null;
}

/** What this window left for with this state; `null`: another window did, or nobody. */
export function leftFor(state: string | undefined): Begun | null {
  const begun = JSON.parse(passing.getItem(KEPT) ?? "null") as Begun | null;
  return begun !== null && begun.state === state ? begun : null;
}

/** The account is proved: its code is good once. */
export function forgetLeft(): void {
  passing.removeItem(KEPT);
}
