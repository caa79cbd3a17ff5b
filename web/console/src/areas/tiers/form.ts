/** A ladder as a person types it: money is in major units, and nothing typed is nothing asked. */
import { minor, typed } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

export type Ladder = Schema<"LadderView">;
type Draft = Schema<"LadderDraft">;
type DraftLevel = Draft["levels"][number];

export const METRICS = ["spend", "orders", "points", "growth"] as const;
export const WINDOWS = ["rolling", "calendar_year", "calendar_quarter"] as const;
export const DOWNGRADES = ["to_level_earned", "one_step"] as const;
type Metric = (typeof METRICS)[number];

export interface LevelForm {
  key: string;
  zh: string;
  en: string;
  thresholds: Record<Metric, string>;
  /** In percent; 100 is as for everybody. */
  multiplier: string;
  freeFreight: boolean;
  birthday: string;
  early: string;
  categories: string[];
  priority: string;
}

interface LadderForm {
  window: Ladder["window"];
  months: string;
  downgrade: Ladder["downgrade"];
  grace: string;
  undo: boolean;
  levels: LevelForm[];
}

export function firstLevel(): LevelForm {
  return {
    key: "",
    zh: "",
    en: "",
    thresholds: { spend: "", orders: "", points: "", growth: "" },
    multiplier: "100",
    freeFreight: false,
    birthday: "0",
    early: "0",
    categories: [],
    priority: "0",
  };
}

/** What a level gives that gives nothing more than points. */
const PLAIN = {
  multiplier_percent: 100,
  free_freight: false,
  birthday_points: 0,
  early_access_hours: 0,
  categories: [] as string[],
  ticket_priority: 0,
};

export function benefitsOf(level: Ladder["levels"][number]): typeof PLAIN {
  return { ...PLAIN, ...level.benefits };
}

export function formOf(ladder: Ladder): LadderForm {
  return {
    window: ladder.window,
    months: String(ladder.months),
    downgrade: ladder.downgrade,
    grace: String(ladder.grace_days),
    undo: ladder.refund_undoes_upgrade,
    levels: ladder.levels.map(levelForm),
  };
}

function levelForm(level: Ladder["levels"][number]): LevelForm {
  const gives = benefitsOf(level);
  return {
    key: level.key,
    zh: level.title["zh-CN"],
    en: level.title.en,
    thresholds: {
      spend: typedOf(level, "spend"),
      orders: typedOf(level, "orders"),
      points: typedOf(level, "points"),
      growth: typedOf(level, "growth"),
    },
    multiplier: String(gives.multiplier_percent),
    freeFreight: gives.free_freight,
    birthday: String(gives.birthday_points),
    early: String(gives.early_access_hours),
    categories: [...gives.categories],
    priority: String(gives.ticket_priority),
  };
}

function typedOf(level: Ladder["levels"][number], metric: Metric): string {
  const least = level.thresholds?.[metric];
  if (least === undefined) return "";
  return metric === "spend" ? typed({ amount: least, currency: CURRENCY }) : String(least);
}

/** What is sent; `null` while something is missing or is no figure. */
export function bodyOf(form: LadderForm): Draft | null {
  const levels = form.levels.map(levelOf);
  const [months, grace_days] = [whole(form.months), whole(form.grace)];
  if (months === null || grace_days === null || levels.includes(null)) return null;
  return {
    window: form.window,
    months,
    downgrade: form.downgrade,
    grace_days,
    refund_undoes_upgrade: form.undo,
    levels: levels.filter((each): each is DraftLevel => each !== null),
  };
}

function levelOf(form: LevelForm): DraftLevel | null {
  const [thresholds, benefits] = [thresholdsIn(form), benefitsIn(form)];
  const isNamed = [form.key, form.zh, form.en].every((each) => each.trim() !== "");
  if (!isNamed || thresholds === null || benefits === null) return null;
  const title = { "zh-CN": form.zh.trim(), en: form.en.trim() };
  return { key: form.key.trim(), title, thresholds, benefits };
}

function thresholdsIn(form: LevelForm): Partial<Record<Metric, number>> | null {
  const made: Partial<Record<Metric, number>> = {};
  for (const metric of METRICS) {
    const text = form.thresholds[metric].trim();
    if (text === "") continue;
    const least = metric === "spend" ? minor(text, CURRENCY) : whole(text);
    if (least === null) return null;
    made[metric] = least;
  }
  return made;
}

function benefitsIn(form: LevelForm): typeof PLAIN | null {
  const figures = [form.multiplier, form.birthday, form.early, form.priority].map(whole);
  const known = figures.filter((each): each is number => each !== null);
  if (known.length < figures.length) return null;
  const [multiplier_percent, birthday_points, early_access_hours, ticket_priority] = known;
  return {
    multiplier_percent,
    free_freight: form.freeFreight,
    birthday_points,
    early_access_hours,
    categories: [...form.categories],
    ticket_priority,
  };
}

function whole(text: string): number | null {
  return /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
}
