/** Consent to new terms: an act that needs it waits until the member agrees, and then goes on. */
import { Refused, type Failure } from "@jifen/shared/failures";
import type { Schema } from "@jifen/shared/schema";
import { accessOf } from "@jifen/shared/session";
import { reactive } from "vue";

import { answer, intentions, jifen, session } from "@/state/jifen";
import { who } from "@/state/member";

export type Policy = Schema<"PolicyView">;

const KINDS = ["terms", "privacy"] as const;

/** Whether a policy is there, for a list of those that are. */
export const isThere = (policy: Policy | null): policy is Policy => policy !== null;

/** What the member is asked to agree to; nothing while no act waits for it. */
export const asked = reactive<{ policies: Policy[] }>({ policies: [] });
let settle: ((agreed: boolean) => void) | null = null;

/** Whether an act was refused for a missing consent. */
export function needsConsent(failure: Failure): failure is Refused {
  return failure instanceof Refused && failure.code === "consent_required";
}

/** Ask for what a refusal names; whether the member agreed. Raises Failure. */
export async function askToAgree(refusal: Refused): Promise<boolean> {
  // By its version, as lists of what counts may be a minute old.
  const wanted = KINDS.flatMap((kind) => {
    const version = refusal.fact(kind);
    const path = { kind, version: String(version) };
    return version
      ? [answer(jifen.GET("/v1/policies/{kind}/{version}", { params: { path } }))]
      : [];
  });
  asked.policies = await Promise.all(wanted);
  if (asked.policies.length === 0) return false;
  return new Promise((resolve) => (settle = resolve));
}

/** Agree to what is asked, and let the act go on. Raises Failure. */
export async function agree(): Promise<void> {
  const body = Object.fromEntries(asked.policies.map(({ kind, version }) => [kind, version]));
  const headers = { "Idempotency-Key": intentions.keyOf("consent", body) };
  const given = await answer(jifen.POST("/v1/me/consents", { body, params: { header: headers } }));
  intentions.done("consent");
  if (who.member !== null) session.begin(accessOf(who.member.id, given));
  end(true);
}

/** Leave it: the act stays undone. */
export function decline(): void {
  end(false);
}

function end(agreed: boolean) {
  asked.policies = [];
  settle?.(agreed);
  settle = null;
}
