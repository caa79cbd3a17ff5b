import { shallowRef } from "vue";

import type { Schema } from "@jifen/shared/schema";

import { WEB, answer, jifen, session } from "./api";
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

export function signedIn(member: Schema<"MemberView">): void {
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
    forget();
  }
}

/** Another window signed out, or the session is over. */
export function forget(): void {
  me.value = null;
  session.end();
}
