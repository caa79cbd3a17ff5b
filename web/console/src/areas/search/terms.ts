import { destinationOf } from "@/session/destination";

type MemberQuery =
  | { id: string }
  | { email: string }
  | { phone: string }
  | { system: string; external_id: string };

/** How to ask for the member that a text may mean; `null` where it means none. */
export function memberQuery(text: string): MemberQuery | null {
  const typed = text.trim();
  if (/^mbr_\w+$/.test(typed)) return { id: typed };
  const external = /^([a-z0-9][a-z0-9._-]*):(\S+)$/.exec(typed);
  if (external) return { system: external[1], external_id: external[2] };
  const destination = destinationOf(typed);
  if (destination === "") return null;
  return destination.includes("@") ? { email: destination } : { phone: destination };
}

/** Whether a text cannot mean an order. */
export function meansMemberOnly(text: string): boolean {
  return /^mbr_/.test(text.trim());
}
