import { keysFor } from "@/queue/keys";

import type { ReviewAct } from "./reviews";

/** The keys of the page of reviews. */
export const KEYS = keysFor<ReviewAct>([
  { key: "p", command: "publish" },
  { key: "h", command: "hide" },
  { key: "r", command: "reply" },
]);
