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

/** How far the program's clock is ahead of this machine's, in ms. */
let ahead = 0;

/** The program's time: a machine's own clock may be wrong, and a test's program lives ahead. */
export function programNow(): Date {
  return new Date(Date.now() + ahead);
}

/** Learn the mall's zone, currency and clock before a page shows any of them. */
export async function learnProgram(): Promise<void> {
  const [program, clock] = await Promise.all([
    answer(guest.GET("/v1/program")),
    answer(guest.GET("/v1/clock")),
  ]);
  setProgram(program);
  times = timesOf(ZONE);
  ahead = Date.parse(clock.now) - Date.now();
}

export { WEB, answer };

/** The text of a call's answer, and the answer itself: a header has the cursor of the next part. */
export async function answerText(
  call: Promise<{ data?: string; error?: unknown; response: Response }>,
): Promise<{ text: string; response: Response }> {
  return { text: await answer(call), response: (await call).response };
}

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
