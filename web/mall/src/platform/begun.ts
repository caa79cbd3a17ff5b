/**
 * What a page in a browser asks the API for before the mall's script is there.
 *
 * A session is renewed, and what the page reads first is read, while the script is on its way. The
 * mall takes the answers when it would ask for them: once, and soon, or not at all.
 */
import type { Language } from "@jifen/shared/schema";
import type { Access } from "@jifen/shared/session";

import { renewalBy } from "#platform/renewal";
import { HOST, send } from "#platform/surroundings";
import { visitorIn } from "@/platform/visitor";

/** As long as a page takes over a bad network; a later answer might be an old one. */
const GOOD_FOR_MS = 20_000;
/** Writes nothing, though it is asked with a body. */
const QUOTE = "/v1/orders/quote?coupons=true";

interface Begun {
  answer: Promise<Response>;
  language: string;
  authorization: string | null;
}

let until = 0;
let access: Promise<Access | null> | null = null;
const answers = new Map<string, Begun>();

/**
 * Renew the session of whoever is signed in, and read what `readsOf` names for a member or nobody:
 * paths; that of a quote with a space and its body after it.
 */
export function begin(readsOf: (isMember: boolean) => string[], language: Language): void {
  until = Date.now() + GOOD_FOR_MS;
  const read = (token: string | null) => {
    for (const path of readsOf(token !== null)) answers.set(path, begun(path, language, token));
  };
  const renewal = renewalBy(visitorIn(() => language));
  if (!renewal.holder?.()) return read(null);
  access = renewal.alone(() => renewal.renew());
  // Whoever takes the access is told of a failure.
  access.then((granted) => read(granted?.token ?? null)).catch(() => undefined);
}

/** The exchange that has begun; `null`: begin one. */
export function begunAccess(): Promise<Access | null> | null {
  const found = access;
  access = null;
  return isGood() ? found : null;
}

/** The answer to a read or a quote that has begun; `null`: send it. */
export async function begunAnswer(request: Request): Promise<Response | null> {
  if (answers.size === 0 || !isGood()) return null;
  const read = await readOf(request);
  const found = answers.get(read);
  answers.delete(read);
  const isSame =
    found?.authorization === request.headers.get("Authorization") &&
    found.language === request.headers.get("Accept-Language");
  return isSame ? found.answer : null;
}

/** What a request reads, as it would have begun; a write reads nothing. */
async function readOf(request: Request): Promise<string> {
  const path = request.url.replace(/^https?:\/\/[^/]+/, "");
  if (request.method === "GET") return path;
  return path === QUOTE ? `${path} ${await request.clone().text()}` : "";
}

function begun(read: string, language: string, token: string | null): Begun {
  const [path, body] = splitOnce(read);
  const authorization = token && `Bearer ${token}`;
  const headers = new Headers({ "Accept-Language": language });
  if (authorization) headers.set("Authorization", authorization);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const how = body === undefined ? { headers } : { headers, method: "POST", body };
  const answer = ask(
    new Request(HOST + path, { ...how, signal: AbortSignal.timeout(GOOD_FOR_MS) }),
  );
  answer.catch(() => undefined);
  return { answer, language, authorization };
}

function splitOnce(read: string): [string, string?] {
  const at = read.indexOf(" ");
  return at < 0 ? [read] : [read.slice(0, at), read.slice(at + 1)];
}

/** Reads the whole answer: one whose body nobody reads stays open in the browser. */
async function ask(request: Request): Promise<Response> {
  const answer = await send(request);
  return new Response(await answer.blob(), answer);
}

function isGood(): boolean {
  return Date.now() < until;
}
