/**
 * Why a call has no answer.
 *
 *     Failure
 *     ├── Refused       the API refused; nothing changed
 *     ├── SignedOut     there is no session (any more)
 *     └── Unanswered    nobody knows whether the call took effect: try again with the same key
 *         ├── Offline     this device has no network
 *         ├── TimedOut    the answer did not come in time
 *         └── Unreachable the mall did not answer, or could not (5xx)
 */
import type { Problem } from "./schema";

export class Failure extends Error {}

/** A 4xx answer: `problem.code` tells refusals apart, `problem.detail` tells them to a person. */
export class Refused extends Failure {
  constructor(
    readonly problem: Problem,
    /** Seconds to wait, where the API says so. */
    readonly retryAfterS: number | null = null,
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }

  /** Nothing is there, or nothing that the caller may see. */
  get isMissing(): boolean {
    return this.problem.status === 404;
  }

  /** Somebody else changed the thing since it was read. */
  get isStale(): boolean {
    return this.problem.status === 412;
  }

  /** A fact beside the problem's own fields, such as `missing_points`. */
  fact(name: string): unknown {
    return (this.problem as Record<string, unknown>)[name];
  }

  /** The message about one field of the request, such as `address.phone`. */
  aboutField(field: string): string | null {
    return this.problem.errors.find((each) => each.field === field)?.message ?? null;
  }
}

export class SignedOut extends Failure {}

export class Unanswered extends Failure {}

export class Offline extends Unanswered {}

export class TimedOut extends Unanswered {}

export class Unreachable extends Unanswered {
  constructor(
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super("the mall did not answer");
  }
}

const ENDED = new Set(["unauthenticated", "refresh_token_invalid", "refresh_token_missing"]);

/** The failure that an answer without success tells of. */
export function failureOf(response: Response, body: unknown): Failure {
  const after = seconds(response.headers.get("retry-after"));
  const problem = isProblem(body) ? body : null;
  if (response.status >= 500 || problem === null) {
    return new Unreachable(problem?.request_id ?? null, after);
  }
  return ENDED.has(problem.code) ? new SignedOut(problem.detail) : new Refused(problem, after);
}

/** The failure that stands behind an error thrown instead of an answer. */
export function failureBehind(error: unknown, online: boolean): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new TimedOut(error.message);
  }
  return online ? new Unreachable() : new Offline(String(error));
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
