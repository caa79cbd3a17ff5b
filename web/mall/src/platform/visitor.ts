/** The API without a session: whoever renews one has none yet. */
import { createJifen, type Jifen } from "@jifen/shared/client";
import type { Language } from "@jifen/shared/schema";
import { NO_RENEWAL, Session } from "@jifen/shared/session";

import { HOST, isOnline, send } from "#platform/surroundings";

export function visitorIn(language: () => Language): Jifen {
  const session = new Session(NO_RENEWAL);
  return createJifen({ baseUrl: HOST, session, language, send, online: isOnline });
}
