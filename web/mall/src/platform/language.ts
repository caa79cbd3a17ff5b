/** The language that this device speaks. */
import type { Language } from "@jifen/shared/schema";

import { lasting } from "#platform/storage";
import { deviceLanguage } from "#platform/surroundings";

const KEPT = "language";

/** The kept choice, else the device's language. */
export function firstLanguage(): Language {
  const kept = lasting.getItem(KEPT);
  if (kept === "en" || kept === "zh-CN") return kept;
  return deviceLanguage().startsWith("en") ? "en" : "zh-CN";
}

export function keepLanguage(chosen: Language): void {
  lasting.setItem(KEPT, chosen);
}
