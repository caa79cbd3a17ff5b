import { due } from "@jifen/shared/due";
import { points, whole } from "@jifen/shared/points";
import type { Language, Money } from "@jifen/shared/schema";
import { dayPlus } from "@jifen/shared/times";

import type { ProductForm } from "./form";
import { LIMITS, type LimitTexts, NAMED_TIERS, type TimedPrice, inTime, tiersOf } from "./terms";
import { moneyOf } from "./typed";

/** How terms are told: a text by its key, the language, and the program's year, such as `2026`. */
export interface Telling {
  t: (key: string, told?: Record<string, unknown>) => string;
  language: Language;
  year: string;
}

/** The terms of a sale in words, such as `金卡会员 800 积分`, `每人每月限 2 件`; what is half typed is left out. */
export function termWords(form: ProductForm, tell: Telling): string[] {
  const { price, limits, timed_prices: timed } = form;
  const cash = moneyOf(price.cash);
  const tiers = tiersOf(form.tiers);
  const ofTiers = price.tier_points.filter(({ tier, points }) => tier.trim() && whole(points));
  return [
    ...ofTiers.map(({ tier, points }) => ofTier(tier, priceText(points, cash, tell), tell)),
    ...(tiers.length > 0 ? [tell.t("goods.terms.only", { tiers: namesOf(tiers, tell) })] : []),
    ...inTime(timed).flatMap((at) => timedWords(timed[at], ofTiers, tell)),
    ...limitWords(limits, tell),
    ...limits.tiers.flatMap((row) =>
      row.tier.trim() === "" ? [] : tierLimitWords(row.tier, row, tell),
    ),
  ];
}

export function tierName(tier: string, { t }: Pick<Telling, "t">): string {
  const id = tier.trim();
  const isNamed = (NAMED_TIERS as readonly string[]).includes(id);
  return isNamed ? t(`goods.tiers.names.${id}`) : id;
}

function namesOf(tiers: readonly string[], tell: Telling): string {
  return tiers.map((each) => tierName(each, tell)).join(tell.t("goods.terms.and"));
}

function ofTier(tier: string, price: string, tell: Telling): string {
  return tell.t("goods.terms.tier", { tier: tierName(tier, tell), price });
}

function priceText(typed: string, cash: Money | null, { language }: Telling): string {
  return due(whole(typed) ?? 0, cash, language);
}

/** A tier that pays fewer points pays them during the time as well. */
function timedWords(row: TimedPrice, ofTiers: ProductForm["price"]["tier_points"], tell: Telling) {
  const most = whole(row.points);
  if (row.from === "" || row.until <= row.from || !most) return [];
  const cash = moneyOf(row.cash);
  const fewer = ofTiers.filter(({ points }) => (whole(points) ?? 0) < most);
  const told = { when: spanText(row, tell), price: priceText(row.points, cash, tell) };
  if (fewer.length === 0) return [tell.t("goods.terms.timed", told)];
  const but = fewer.map((each) => ofTier(each.tier, priceText(each.points, cash, tell), tell));
  return [tell.t("goods.terms.timedBut", { ...told, but: but.join(tell.t("goods.terms.and")) })];
}

function limitWords(limits: LimitTexts, { t }: Telling): string[] {
  return LIMITS.filter((name) => whole(limits[name])).map((name) =>
    t(`goods.terms.limits.${name}`, { count: points(whole(limits[name]) ?? 0) }),
  );
}

function tierLimitWords(tier: string, limits: LimitTexts, tell: Telling): string[] {
  return limitWords(limits, tell).map((limit) =>
    tell.t("goods.terms.tierLimit", { tier: tierName(tier, tell), limit }),
  );
}

/** From when until when, such as `11月11日 00:00 至 24:00`: a day ends at 24:00. */
function spanText({ from, until }: TimedPrice, tell: Telling): string {
  const [first, start] = from.split("T");
  const [day, time] = until.split("T");
  const [last, end] = time === "00:00" ? [dayPlus(day, -1), "24:00"] : [day, time];
  const told = { from: `${dayText(first, tell)} ${start}`, until: end };
  if (last !== first) told.until = `${dayText(last, tell)} ${end}`;
  return tell.t("goods.terms.span", told);
}

function dayText(day: string, { language, year }: Telling): string {
  const isEnglish = language === "en";
  return new Intl.DateTimeFormat(isEnglish ? "en-GB" : "zh-CN", {
    ...(day.startsWith(`${year}-`) ? {} : { year: "numeric" }),
    month: isEnglish ? "short" : "long",
    day: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));
}
