import type { Schema } from "@jifen/shared/schema";

export type Case = Schema<"CaseView">;
export type Rules = Schema<"RiskRulesView">;
export type Rule = Rules["rules"][number];
export type Levels = Rules["levels"];

export const STATES = ["open", "confirmed", "cleared", "closed"] as const satisfies Case["state"][];

/** How grave a level is, as a colour. */
export const TONES = {
  none: "quiet",
  watch: "wait",
  pending: "wait",
  review: "bad",
  freeze: "bad",
} as const satisfies Record<Case["level"], string>;
