import { useI18n } from "vue-i18n";

/** The places of a rule in words: `when.all[1]` is `适用条件 · 第 2 项`. */
export function usePlaces(): (path: string) => string {
  const { t } = useI18n();
  return (path) =>
    [...path.matchAll(/(when|items)|\[(\d+)\]|(not)\b/g)]
      .map(([, part, number]) => {
        if (part === "when" || part === "items") return t(`earning.${part}`);
        return number === undefined
          ? t("earning.kinds.not")
          : t("earning.place", { number: Number(number) + 1 });
      })
      .join(" · ");
}

/** What the form calls fields of a rule, by texts below `earning`. */
const LABELS: Record<string, string> = {
  "title.zh-CN": "zh",
  "title.en": "en",
  event: "event",
  "effect.fixed": "points",
  "effect.per_amount.points": "points",
  "effect.per_amount.amount": "amount",
  "effect.multiply.percent": "percent",
  stacking: "stacking",
  multiplier_group: "multiplierGroup",
  priority: "priority",
  "caps.member_day": "caps.day",
  "caps.member_month": "caps.month",
  "caps.member_life": "caps.life",
  budget: "budget",
  "valid.from": "from",
  "valid.until": "until",
  "valid.days": "days",
  "valid.hours.start": "startHour",
  "valid.hours.end": "endHour",
  "lots.pending_days": "pendingDays",
  "lots.expires": "expires",
};

/** The name of a field that the mall refuses, as the form has it; else the mall's own. */
export function useFieldNames(): (field: string) => string {
  const { t } = useI18n();
  const placeOf = usePlaces();
  return (field) => {
    const label = LABELS[field];
    return label === undefined ? placeOf(field) || field : t(`earning.${label}`);
  };
}
