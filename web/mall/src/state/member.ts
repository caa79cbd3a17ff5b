/** Who is signed in. */
import { accessOf } from "@jifen/shared/session";
import { SignedOut } from "@jifen/shared/failures";
import type { Schema } from "@jifen/shared/schema";
import { onShow } from "@dcloudio/uni-app";
import { reactive } from "vue";

import { loadAnew } from "#platform/leaving";
import { keep, watchWindows } from "#platform/renewal";
import { forgetPassing } from "#platform/surroundings";
import { here, path, restart, SWITCHED } from "@/platform/navigation";
import { answer, jifen, session } from "@/state/jifen";
import { noteSignIn } from "@/state/newcomer";

const SIGN_IN = "/pages/sign-in/index";

export type Member = Schema<"MemberView">;

/** `asked` is false until this client knows whether anybody is signed in. */
export const who = reactive<{ asked: boolean; member: Member | null }>({
  asked: false,
  member: null,
});

session.onEnd(() => (who.member = null));
// A new document: nothing that waits in this one goes on as another member.
session.onReplaced(() => {
  forgetPassing();
  loadAnew(SWITCHED);
});
watchWindows(() => {
  const before = who.member;
  session.check();
  // What was the member's leaves the screen, too.
  if (before !== null && who.member === null) restart(here());
});

/** Find out who is signed in. Raises Offline, TimedOut, Unreachable. */
export async function recognise(): Promise<Member | null> {
  const signedIn = (await session.token()) !== null;
  who.member = signedIn ? await answer(jifen.GET("/v1/me")).catch(nobody) : null;
  who.asked = true;
  return who.member;
}

/** Keep the tokens of a sign-in and whom it signed in. */
export function welcome(login: Schema<"LoginView">): void {
  keep(login);
  session.begin(accessOf(login.member.id, login));
  who.member = login.member;
  noteSignIn(login.created);
  who.asked = true;
}

/** Forget the session on this device, and what was being done in it. */
export function leave(): void {
  forgetPassing();
  session.end();
  who.member = null;
}

/** Let a person sign in, and come back to `next` after it. */
export function askToSignIn(next: string = here()): void {
  // Of many requests that end with a session, the first has asked.
  if (next.startsWith(SIGN_IN) || session.isReplaced) return;
  restart(path(SIGN_IN, { next }));
}

function nobody(error: unknown): null {
  if (error instanceof SignedOut) return null;
  throw error;
}

/** Call `load` each time that the page is shown, for whoever is signed in; others sign in first. */
export function useMember(load: (member: Member) => void): void {
  onShow(async () => {
    const member = await recognise().catch(() => who.member);
    if (member !== null) load(member);
    else if (who.asked) askToSignIn();
  });
}
