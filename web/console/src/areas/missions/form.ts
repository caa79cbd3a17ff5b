import type { Schema } from "@jifen/shared/schema";

export type Mission = Schema<"AdminMissionView">;
type Parts = Schema<"MissionDraft">;
type Metric = Mission["goal"]["metric"];
type Reward = Mission["reward"];

export const METRICS: readonly Metric[] = [
  "orders",
  "spend",
  "points_spent",
  "categories",
  "order_months",
  "check_ins",
  "check_in_streak",
  "reviews",
];
export const PERIODS: readonly Mission["period"][] = ["month", "quarter", "fixed"];
export const KINDS: readonly Reward["kind"][] = [
  "points",
  "growth",
  "rebate_cash",
  "coupon",
  "gift",
];
export const WHENS = ["now", "month", "quarter"] as const;
const OF_GOODS = new Set<Metric>(["orders", "spend", "points_spent", "categories", "order_months"]);

/** A mission as a person types it: numbers are texts, and none is an empty one. */
interface MissionForm {
  zh: string;
  en: string;
  textZh: string;
  textEn: string;
  metric: Metric;
  count: string;
  leastPoints: string;
  leastCash: string;
  categories: string;
  period: Mission["period"];
  from: string;
  until: string;
  tiers: string;
  kind: Reward["kind"];
  amount: string;
  template: string;
  when: (typeof WHENS)[number];
  isClaimed: boolean;
  takers: string;
}

const NEW: MissionForm = {
  zh: "",
  en: "",
  textZh: "",
  textEn: "",
  metric: "orders",
  count: "3",
  leastPoints: "",
  leastCash: "",
  categories: "",
  period: "month",
  from: "",
  until: "",
  tiers: "",
  kind: "points",
  amount: "100",
  template: "",
  when: "now",
  isClaimed: true,
  takers: "",
};

const text = (value: number | null | undefined) => (value ? String(value) : "");
const words = (value: string) => value.split(/[\s,，]+/).filter(Boolean);

export const isOfGoods = (metric: Metric) => OF_GOODS.has(metric);
export const isCoupon = (kind: Reward["kind"]) => kind === "coupon" || kind === "gift";

/** `local` tells a moment as a field of day and time has it. */
export function formOf(mission: Mission | null, local: (at: string) => string): MissionForm {
  if (mission === null) return { ...NEW };
  const { goal, valid } = mission;
  return {
    zh: mission.title["zh-CN"],
    en: mission.title.en,
    textZh: mission.text["zh-CN"] ?? "",
    textEn: mission.text.en ?? "",
    metric: goal.metric,
    count: String(goal.count),
    ...goodsIn(goal),
    period: mission.period,
    from: valid.from ? local(valid.from) : "",
    until: valid.until ? local(valid.until) : "",
    tiers: (mission.audience.tiers ?? []).join(" "),
    ...rewardIn(mission),
    isClaimed: mission.claimed,
    takers: text(mission.takers),
  };
}

function goodsIn({ least_points, least_cash, scope }: Mission["goal"]) {
  return {
    leastPoints: text(least_points),
    leastCash: text(least_cash),
    categories: (scope?.categories ?? []).join(" "),
  };
}

function rewardIn({ reward }: { reward: Reward }) {
  return {
    kind: reward.kind,
    amount: text(reward.amount),
    template: reward.template_id ?? "",
    when: reward.when ?? "now",
  };
}

/** A reward of a kind as the API takes it. */
export function worthOf(kind: Reward["kind"], amount: string, template: string) {
  return isCoupon(kind) ? { kind, template_id: template.trim() } : { kind, amount: Number(amount) };
}

/** Whether the form has what each mission needs, and numbers where numbers belong. */
export function isWhole(form: MissionForm): boolean {
  const named = form.zh.trim() !== "" && form.en.trim() !== "";
  const figures = [form.leastPoints, form.leastCash, form.amount, form.takers];
  return named && /^\d+$/.test(form.count.trim()) && figures.every((e) => /^\d*$/.test(e.trim()));
}

/** What may change at any time. */
export function wordsOf(form: MissionForm, moment: (local: string) => string | null) {
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    text: { "zh-CN": form.textZh.trim(), en: form.textEn.trim() },
    valid: { from: moment(form.from), until: moment(form.until) },
    takers: form.takers.trim() === "" ? null : Number(form.takers),
  };
}

/** What the API takes of a draft; `moment` tells a field's day and time as a moment. */
export function partsOf(form: MissionForm, moment: (local: string) => string | null): Parts {
  const tiers = words(form.tiers);
  return {
    ...wordsOf(form, moment),
    goal: {
      metric: form.metric,
      count: Number(form.count),
      ...(isOfGoods(form.metric) && {
        scope: { categories: words(form.categories) },
        least_points: Number(form.leastPoints),
        least_cash: Number(form.leastCash),
      }),
    },
    reward: { ...worthOf(form.kind, form.amount, form.template), when: form.when },
    period: form.period,
    audience: tiers.length ? { tiers } : { all: true },
    claimed: form.isClaimed,
  };
}
