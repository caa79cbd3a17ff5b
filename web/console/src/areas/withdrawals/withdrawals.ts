import type { Money, Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type Withdrawal = Schema<"StaffWithdrawalView">;
export type Status = Withdrawal["status"];

/** The states in the order of the work, each with how it is to be taken. */
export const TONES = {
  requested: "wait",
  approved: "wait",
  paying: "wait",
  paid: "good",
  failed: "bad",
  rejected: "quiet",
} as const satisfies Record<Status, Tone>;

export const STATUSES = Object.keys(TONES) as Status[];

/** The acts that a withdrawal's state allows. */
export type WithdrawalAct = "approve" | "reject" | "mark-paid" | "mark-failed" | "mark-returned";

const BY_BANK: Partial<Record<Status, WithdrawalAct[]>> = {
  paying: ["mark-paid", "mark-failed"],
  paid: ["mark-returned"],
};

export function actsOf({ status, destination, bank_file }: Withdrawal): WithdrawalAct[] {
  if (status === "requested") return ["approve", "reject"];
  if (status === "approved") return ["reject"];
  // The provider tells of its payments itself.
  return destination.kind === "bank" && bank_file !== null ? (BY_BANK[status] ?? []) : [];
}

/** A bank file holds this many withdrawals at most. Source: docs/finance.md. */
const MOST_IN_FILE = 32;

interface NextFile {
  count: number;
  total: Money;
  /** More of them wait than a file holds. */
  isFull: boolean;
}

/** What the next bank file will hold: approved withdrawals to banks, the oldest first. */
export function nextFile(approved: readonly Withdrawal[], currency: string): NextFile {
  const byBank = approved.filter((each) => each.destination.kind === "bank");
  const taken = byBank.slice(0, MOST_IN_FILE);
  const amount = taken.reduce((sum, each) => sum + each.amount.amount, 0);
  return {
    count: taken.length,
    total: { amount, currency: taken[0]?.amount.currency ?? currency },
    isFull: byBank.length > taken.length,
  };
}
