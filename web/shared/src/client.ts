import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./contract";
import { failureBehind, failureOf, Refused, SignedOut } from "./failures";
import type { Language } from "./schema";
import type { Session } from "./session";

export type Jifen = Client<paths>;

interface Surroundings {
  /** Where the API is: "" for the page's own host. */
  baseUrl: string;
  session: Session;
  language: () => Language;
  /** Sends a request; rejects where there is no answer. */
  send: (request: Request) => Promise<Response>;
  online: () => boolean;
  /** The id of this device, for calls that ask for it. */
  device?: () => string | null;
}

/** Calls to which a device tells its id: they count codes, and know a device again. */
const TOLD_DEVICE = /\/v1\/(auth\/otp|auth\/sessions|me\/consents)$/;

/**
 * The longest wait for an answer, and then for its body.
 *
 * A cancel of a paid order waits for the provider, up to 25 s.
 */
const TIMEOUT_MS = 30_000;

/** A client of the API, typed by its document, that keeps its session alive. */
export function createJifen(around: Surroundings): Jifen {
  return createClient<paths>({
    baseUrl: around.baseUrl,
    fetch: (request) => sendSigned(around, request),
  });
}

/** The answer of a call; `null` where the API finds nothing. */
export async function unlessMissing<Data>(call: Promise<Data>): Promise<Data | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Refused && error.isMissing) return null;
    throw error;
  }
}

/**
 * The data of a call's answer: `await answer(jifen.GET(…))`.
 *
 * Raises Refused, SignedOut, Offline, TimedOut, Unreachable.
 */
export async function answer<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  let found;
  try {
    found = await call;
  } catch (error) {
    throw failureBehind(error, isOnline());
  }
  if (!found.response.ok) throw failureOf(found.response, found.error);
  return found.data as Data;
}

async function sendSigned(around: Surroundings, request: Request): Promise<Response> {
  request.headers.set("Accept-Language", around.language());
  nameDevice(around, request);
  const token = await around.session.token();
  const first = await sendOnce(around, request.clone(), token);
  if (token === null || !(await isRefusedToken(first))) return first;
  return sendOnce(around, request, await around.session.instead(token));
}

function nameDevice({ device }: Surroundings, request: Request): void {
  if (request.method !== "POST" || !TOLD_DEVICE.test(request.url)) return;
  const id = device?.() ?? null;
  if (id !== null) request.headers.set("Jifen-Device", id);
}

/** A 401 may also tell of a wrong code: that is an answer, not a token to renew. */
async function isRefusedToken(answered: Response): Promise<boolean> {
  if (answered.status !== 401) return false;
  const problem: unknown = await answered
    .clone()
    .json()
    .catch(() => null);
  return failureOf(answered, problem) instanceof SignedOut;
}

async function sendOnce(
  around: Surroundings,
  request: Request,
  token: string | null,
): Promise<Response> {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  const late = new AbortController();
  const limit = () => setTimeout(() => late.abort(), TIMEOUT_MS);
  const timer = limit();
  try {
    const answered = await around.send(new Request(request, { signal: late.signal }));
    // Whoever reads the body meets the second limit; after its end it does nothing.
    limit();
    return answered;
  } catch (error) {
    throw failureBehind(error, around.online());
  } finally {
    clearTimeout(timer);
  }
}

function isOnline(): boolean {
  return typeof navigator === "undefined" || navigator.onLine !== false;
}
