/** The API, in the session of whoever is signed in. */
import { createJifen } from "@jifen/shared/client";
import { Intentions } from "@jifen/shared/intentions";
import { Session } from "@jifen/shared/session";

import { begunAccess, begunAnswer } from "@/platform/begun";
import { deviceId } from "@/platform/device";
import { visitorIn } from "@/platform/visitor";
import { forget, renewalBy } from "#platform/renewal";
import { HOST, isOnline, passing, randomKey, send } from "#platform/surroundings";
import { language } from "@/state/program";

export { answer } from "@jifen/shared/client";

const visitor = visitorIn(() => language.value);

export const session = new Session({ ...renewalBy(visitor), begun: begunAccess });
session.onEnd(forget);

export const jifen = createJifen({
  baseUrl: HOST,
  session,
  language: () => language.value,
  send: async (request) => (await begunAnswer(request)) ?? send(request),
  online: isOnline,
  device: deviceId,
});

export const intentions = new Intentions(passing, randomKey);
