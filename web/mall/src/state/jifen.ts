/** The API, in the session of whoever is signed in. */
import { answer as answerOf, createJifen } from "@jifen/shared/client";
import { Intentions } from "@jifen/shared/intentions";
import { Session } from "@jifen/shared/session";

import { forget, renewal } from "@/platform/renewal";
import { HOST, isOnline, passing, randomKey, send } from "#platform/surroundings";
import { language } from "@/state/program";

export const session = new Session(renewal);

session.onEnd(forget);

export const jifen = createJifen({
  baseUrl: HOST,
  session,
  language: () => language.value,
  send,
  online: isOnline,
});

export const intentions = new Intentions(passing, randomKey);

/** The data of a call's answer. Raises Refused, SignedOut, Offline, TimedOut, Unreachable. */
export function answer<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  return answerOf(call, isOnline);
}
