import { shallowRef } from "vue";

import { holder } from "@jifen/shared/browser";
import type { Schema } from "@jifen/shared/schema";
import { accessOf } from "@jifen/shared/session";

import { WEB, answer, jifen, onDenied, session } from "./api";
import { Rest } from "./session/rest";

/** When somebody last did something, in any window of this browser. */
export const rest = new Rest(localStorage);

/** Who is signed in; `null` where nobody is, or nobody knows yet. */
export const me = shallowRef<Schema<"MemberView"> | null>(null);

/** Learn who is signed in in this browser. Raises a Failure where the API does not answer. */
export async function recognise(): Promise<void> {
  if (rest.isOver()) {
    if (!rest.hasEnded()) await signOut("here").catch(() => undefined);
    return;
  }
  if ((await session.token()) !== null) signedIn(await answer(jifen.GET("/v1/me")));
}

async function learnRoles(): Promise<void> {
  const member = await answer(jifen.GET("/v1/me"));
  const known = me.value?.roles.join();
  if (known !== undefined && known !== member.roles.join()) me.value = member;
}

/** Begin with what a sign-in gave. */
export function enter(login: Schema<"LoginView">): void {
  holder.keep(login.member.id);
  session.begin(accessOf(login.member.id, login));
  signedIn(login.member);
}

function signedIn(member: Schema<"MemberView">): void {
  rest.touch();
  me.value = member;
}

/** End the session in this browser, or all of this person's. The pages forget it in any case. */
export async function signOut(where: "here" | "everywhere"): Promise<void> {
  const options = { headers: WEB };
  try {
    await answer(
      where === "here"
        ? jifen.DELETE("/v1/auth/sessions/current", options)
        : jifen.DELETE("/v1/auth/sessions", options),
    );
  } finally {
    rest.end();
    session.end();
    // The mall's pages forget it, too, where no answer took the cookie back.
    holder.forget(holder.read());
  }
}

/** Whether another window signed another member in: this one shows and sends nothing any more. */
export const isReplaced = shallowRef(false);

/** Follow the session: it ends here and in other windows, and another may take its place. */
export function watchSession(): void {
  session.onEnd((member) => {
    me.value = null;
    holder.forget(member);
  });
  session.onReplaced(() => (isReplaced.value = true));
  holder.watch(() => session.check());
  // Somebody took a role away, or gave one: the menu and the pages follow.
  onDenied(() => void learnRoles().catch(() => undefined));
}
