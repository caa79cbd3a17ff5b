import { Failure, Offline, Refused, SignedOut, TimedOut } from "@jifen/shared/failures";

/** How a failure is told: texts under `common.failure`. */
type Telling = "late" | "offline" | "refused" | "signedOut" | "unreachable";

export function tellingOf(failure: Failure): Telling {
  if (failure instanceof Refused) return "refused";
  if (failure instanceof SignedOut) return "signedOut";
  if (failure instanceof Offline) return "offline";
  return failure instanceof TimedOut ? "late" : "unreachable";
}

/** The id by which operators find the request in the logs. */
export function requestIdOf(failure: Failure): string | null {
  if (failure instanceof Refused) return failure.problem.request_id;
  return "requestId" in failure ? (failure.requestId as string | null) : null;
}

/** A call's failure; an error of the program itself goes on. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
