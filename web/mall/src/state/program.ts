/** The language, the program's zone, and how points, money and times are shown in them. */
import { money as moneyText } from "@jifen/shared/money";
import { points as pointsText, pointsWithUnit } from "@jifen/shared/points";
import { due } from "@jifen/shared/due";
import { Times, type Precision } from "@jifen/shared/times";
import type { Language, Money } from "@jifen/shared/schema";
import { ref, watch } from "vue";

import { declareLanguage } from "#platform/speech";
import { firstLanguage, keepLanguage } from "@/platform/language";

export const language = ref<Language>(firstLanguage());

/** The program's zone; `/v1/program` may name another. */
export const zone = ref("Asia/Shanghai");

export function speak(chosen: Language): void {
  language.value = chosen;
  keepLanguage(chosen);
}

watch(language, declareLanguage, { immediate: true });

export const show = {
  points: pointsText,
  pointsWithUnit: (value: number) => pointsWithUnit(value, language.value),
  money: (value: Money) => moneyText(value),
  price: (points: number, cash: Money | null) => due(points, cash, language.value),
  time: (at: string, precision?: Precision) => times().show(at, precision),
  /** The last day on which points can be used that expire at a moment. */
  lastDay: (at: string) => times().lastDay(at),
  month: (at: Date) => times().month(at),
  day: (at: Date) => times().day(at),
  clock: (at: Date) => times().clock(at),
};

/** The moment of a day and a time of the program, in RFC 3339; `null` where they are none. */
export function zoned(day: string, time: string): string | null {
  return times().moment(day, time);
}

function times(): Times {
  return new Times(zone.value, () => language.value);
}

/** The program's clock now, in ms. */
export function programNow(): number {
  return Date.now() + ahead.value;
}

/** How far the program's clock is ahead of this device's, in ms, as `/v1/clock` told. */
export const ahead = ref(0);
