/** The thing that an entry comes from. */
export type Source =
  | { kind: "order" | "member" | "withdrawal" | "adjustment" | "task"; id: string }
  | { kind: "expiry" }
  /** An event or a hold of a partner, by the partner's own name for it. */
  | { kind: "partner"; id: string };

const OURS = /^(order|member|withdrawal|adjustment|task):(.+)$/;

/** Read the source of an entry, such as `order:ord_x`. */
export function sourceOf(text: string): Source {
  if (text === "expiry") return { kind: "expiry" };
  // The other account of a person who had two.
  const found = OURS.exec(text.replace(/^merge:/, "member:"));
  if (found === null) return { kind: "partner", id: text };
  return { kind: found[1] as "order", id: found[2] };
}

/** Why points moved, where `rule` of an entry is no rule of earning: texts below `members.rules`. */
const REASONS = new Set(["cancelled", "rejected", "refund", "time_out"]);

export function isReason(rule: string): boolean {
  return REASONS.has(rule);
}

/** The part of an account's name that tells it: `debt` of `member:mbr_x:points:debt`. */
export function partOf(account: string): string {
  const parts = account.split(":");
  if (parts[0] === "program") return `program_${parts[2]}`;
  return `member_${parts[3] ?? "available"}`;
}
