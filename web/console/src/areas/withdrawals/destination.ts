import type { Schema } from "@jifen/shared/schema";

/** Where the money of a withdrawal goes, in a line. */
export function destinationText(to: Schema<"DestinationView">): string {
  const parts = to.kind === "bank" ? [to.holder, to.bank, to.account_number] : [to.account];
  return parts.filter((part) => part !== null).join(" ");
}
