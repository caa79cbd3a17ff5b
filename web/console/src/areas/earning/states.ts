import type { Row } from "./form";

export const TONES = {
  draft: "wait",
  published: "good",
  retired: "quiet",
} as const satisfies Record<Row["status"], string>;
