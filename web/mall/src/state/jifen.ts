/** The API, in the session of whoever is signed in. */
import { createJifen } from "@jifen/shared/client";
import { Intentions } from "@jifen/shared/intentions";
import { NO_RENEWAL, Session } from "@jifen/shared/session";

import { forget, renewalBy } from "#platform/renewal";
import { HOST, isOnline, passing, randomKey, send } from "#platform/surroundings";
import { language } from "@/state/program";

export { answer } from "@jifen/shared/client";

const around = { baseUrl: HOST, language: () => language.value, send, online: isOnline };
const visitor = createJifen({ ...around, session: new Session(NO_RENEWAL) });

export const session = new Session(renewalBy(visitor));
session.onEnd(forget);

export const jifen = createJifen({ ...around, session });

export const intentions = new Intentions(passing, randomKey);
