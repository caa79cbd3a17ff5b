/** By whose link a visitor came, and what they opened: kept until they sign in. */
import { passing } from "#platform/surroundings";
import { decoded } from "@/platform/navigation";
import { answer, jifen } from "@/state/jifen";

const CODE = "invited-by";
const SHARE = "shared";

type Query = Record<string, string | undefined> | undefined;

/** Note the code of a link, and the task that it was shared for. */
export function noteInvitation(query: Query): void {
  const code = decoded(query?.ref ?? "")?.trim();
  if (!code) return;
  passing.setItem(CODE, code.slice(0, 20));
  const task = decoded(query?.share ?? "");
  if (task) passing.setItem(SHARE, JSON.stringify([task, code]));
}

/** Keep a code as a person typed it; none forgets the one before. */
export function keepInvitation(code: string): void {
  if (code.trim() === "") passing.removeItem(CODE);
  else passing.setItem(CODE, code.trim());
}

/** The code by which a visitor came, or none. */
export function invitationCode(): string {
  return passing.getItem(CODE) ?? "";
}

/** Whoever signed in needs the code no more. */
export function forgetInvitation(): void {
  passing.removeItem(CODE);
}

/** Tell once that a member opened what another one shared. It is no reason to show a failure. */
export async function tellOpened(): Promise<void> {
  const kept = passing.getItem(SHARE);
  if (kept === null) return;
  passing.removeItem(SHARE);
  const [task, code] = JSON.parse(kept) as [string, string];
  const params = { path: { task, code } };
  await answer(jifen.PUT("/v1/me/opened-shares/{task}/{code}", { params })).catch(() => null);
}
