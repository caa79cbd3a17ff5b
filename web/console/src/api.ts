import { WEB, cookieRenewal, randomKey } from "@jifen/shared/browser";
import { type Jifen, answer, createJifen } from "@jifen/shared/client";
import { Intentions } from "@jifen/shared/intentions";
import { NO_RENEWAL, Session } from "@jifen/shared/session";
import { Times } from "@jifen/shared/times";

import { language } from "@/language";
import { ZONE, setProgram } from "@/program";

const DENIED = 403;

/** The API, called as nobody: to sign in. */
export const guest = clientOf(new Session(NO_RENEWAL));

export const session = new Session(cookieRenewal(guest));

/** The API, called as who is signed in. */
export const jifen = clientOf(session);

/** One key for each thing that a person means to do. */
export const intentions = new Intentions(sessionStorage, randomKey);

/** Moments as the program's days and hours. */
export let times = timesOf(ZONE);

/** Learn the mall's zone and currency before a page shows either. */
export async function learnProgram(): Promise<void> {
  setProgram(await answer(guest.GET("/v1/program")));
  times = timesOf(ZONE);
}

export { WEB, answer };

function timesOf(zone: string): Times {
  return new Times(zone, () => language.value);
}

let denied = (): void => undefined;

/** Call `told` when the API refuses something for want of a role. */
export function onDenied(told: () => void): void {
  denied = told;
}

async function send(request: Request): Promise<Response> {
  const answered = await fetch(request);
  if (answered.status === DENIED) denied();
  return answered;
}

function clientOf(of: Session): Jifen {
  return createJifen({
    baseUrl: "",
    session: of,
    language: () => language.value,
    send,
    online: () => navigator.onLine,
  });
}
