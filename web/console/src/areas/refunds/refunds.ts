import type { Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type CashRefund = Schema<"CashRefundView">;

export const STATES = ["failed", "open", "ended"] as const;

export const TONES: Record<CashRefund["status"], Tone> = {
  due: "wait",
  sent: "wait",
  succeeded: "good",
  failed: "bad",
  by_hand: "good",
  closed: "quiet",
  canceled: "quiet",
};

/** The failure of a refund that no provider can make: our bank pays it. */
const TO_PAY_BY_HAND = "by_hand";

/** What finance may do with a failed refund; ours alone are ours to decide. */
export function waysOut(refund: CashRefund): ("by_hand" | "retry" | "waive")[] {
  if (refund.status !== "failed" || refund.kind !== "refund") return [];
  return refund.failure === TO_PAY_BY_HAND ? ["by_hand", "waive"] : ["retry", "by_hand", "waive"];
}

/** The key of the text that tells why a refund has not succeeded; `null` where only its code can. */
export function failureKeyOf(refund: CashRefund): string | null {
  if (refund.failure === null) return null;
  return successorOf(refund) === null ? refund.failure : "retried";
}

/** The refund that replaced a closed one. */
function successorOf(refund: CashRefund): string | null {
  return /^retried:(.+)$/.exec(refund.failure ?? "")?.[1] ?? null;
}
