import { destinationOf } from "@/session/destination";

type MemberQuery = { id: string } | { email: string } | { phone: string };

/** How to ask for the member that a text may mean; `null` where it means none. */
export function memberQuery(text: string): MemberQuery | null {
  const typed = text.trim();
  if (/^mbr_\w+$/.test(typed)) return { id: typed };
  const destination = destinationOf(typed);
  if (destination === "") return null;
  return destination.includes("@") ? { email: destination } : { phone: destination };
}

/** Whether a text cannot mean an order. */
export function meansMemberOnly(text: string): boolean {
  return /^mbr_/.test(text.trim());
}
