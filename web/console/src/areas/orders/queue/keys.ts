import { keysFor } from "@/queue/keys";

import type { OrderAct } from "../acts/allowed";

/** The keys of the page of orders. */
export const KEYS = keysFor<OrderAct>([
  { key: "t", command: "take" },
  { key: "a", command: "approve" },
  { key: "r", command: "reject" },
  { key: "s", command: "ship" },
  { key: "d", command: "deliver" },
  { key: "u", command: "use" },
]);
