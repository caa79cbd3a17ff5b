import type { Row } from "./form";

export const STATES = ["live", "draft", "waiting_for_approval", "ended"] as const;
export const TONES = {
  draft: "wait",
  waiting_for_approval: "wait",
  live: "good",
  ended: "quiet",
} as const satisfies Record<Row["status"], string>;
