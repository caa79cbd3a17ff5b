import type { Schema } from "@jifen/shared/schema";

type Order = Schema<"OrderView">;

/** The name of a state's words: an approved service is booked, where approved goods wait for a parcel. */
export function stateOf(kind: Order["kind"], status: Order["status"]): Order["status"] | "booked" {
  return kind === "service" && status === "approved" ? "booked" : status;
}
