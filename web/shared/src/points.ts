import type { Language } from "./schema";

/** Whole points with separators, such as `12,800`. */
export function points(value: number): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  return value < 0 ? `−${digits}` : digits;
}

/** A change of points with its sign, such as `+800`. */
export function change(value: number): string {
  return value > 0 ? `+${points(value)}` : points(value);
}

/** The whole number that a person typed, as of points or units; `null` where it is none. */
export function whole(text: string): number | null {
  const digits = text.replace(/[,，\s]/g, "");
  return /^\d{1,12}$/.test(digits) ? Number(digits) : null;
}

/** Points with their unit: `12,800 积分`, `1 point`. */
export function pointsWithUnit(value: number, language: Language): string {
  if (language === "zh-CN") return `${points(value)} 积分`;
  return `${points(value)} ${Math.abs(value) === 1 ? "point" : "points"}`;
}
