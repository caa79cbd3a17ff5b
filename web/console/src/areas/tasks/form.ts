import type { Schema } from "@jifen/shared/schema";

export type Task = Schema<"AdminTaskView">;
export type Kind = Task["kind"];
type Parts = Schema<"TaskChange">;
type Field = NonNullable<Task["fields"]>[number];
type Expiry = Schema<"TaskExpiry">["kind"];

export const KINDS: readonly Kind[] = [
  "check_in",
  "register",
  "complete_profile",
  "review",
  "share",
  "survey",
  "referral",
];
export const FIELDS: readonly Field[] = ["nickname", "avatar", "phone", "email"];
export const EXPIRIES: readonly Expiry[] = [
  "end_of_month",
  "months",
  "days",
  "end_of_year",
  "never",
];
/** These are done once: they have no other limits. */
const ONCE = new Set<Kind>(["register", "complete_profile", "survey", "check_in"]);

/** So many points more for each so many days in a row. */
export interface Bonus {
  days: string;
  points: string;
}

/** A task as a person types it: numbers are texts, and none is an empty one. */
interface TaskForm {
  kind: Kind;
  zh: string;
  en: string;
  textZh: string;
  textEn: string;
  points: string;
  total: string;
  day: string;
  month: string;
  from: string;
  until: string;
  pending: string;
  expiry: Expiry;
  expiryCount: string;
  fields: Field[];
  link: string;
  bonuses: Bonus[];
  hasMakeUp: boolean;
  daysBack: string;
  aMonth: string;
  price: string;
  friendPoints: string;
  orderAtLeast: string;
  waitDays: string;
}

const NEW: TaskForm = {
  kind: "complete_profile",
  zh: "",
  en: "",
  textZh: "",
  textEn: "",
  points: "10",
  total: "",
  day: "",
  month: "",
  from: "",
  until: "",
  pending: "0",
  expiry: "end_of_month",
  expiryCount: "12",
  fields: ["nickname"],
  link: "",
  bonuses: [{ days: "7", points: "5" }],
  hasMakeUp: true,
  daysBack: "7",
  aMonth: "2",
  price: "0",
  friendPoints: "0",
  orderAtLeast: "0.01",
  waitDays: "15",
};

const text = (value: number | null | undefined) => (value == null ? "" : String(value));
const yuan = (cents: number) => (cents / 100).toFixed(2);

export function hasLimits(kind: Kind): boolean {
  return !ONCE.has(kind);
}

/** `local` tells a moment as a field of day and time has it. */
export function formOf(task: Task | null, local: (at: string) => string): TaskForm {
  if (task === null) return structuredClone(NEW);
  return {
    ...structuredClone(NEW),
    kind: task.kind,
    zh: task.title["zh-CN"],
    en: task.title.en,
    textZh: task.text["zh-CN"] ?? "",
    textEn: task.text.en ?? "",
    points: String(task.points),
    total: text(task.limits.total),
    day: text(task.limits.day),
    month: text(task.limits.month),
    from: task.valid.from ? local(task.valid.from) : "",
    until: task.valid.until ? local(task.valid.until) : "",
    fields: [...task.fields],
    link: task.link ?? "",
    ...lotsIn(task),
    ...termsIn(task),
  };
}

function lotsIn({ lots }: Task) {
  const { kind, days, months, years } = lots.expires ?? {};
  return {
    pending: text(lots.pending_days ?? 0),
    expiry: kind ?? NEW.expiry,
    expiryCount: text(days ?? months ?? years),
  };
}

function termsIn({ check_in: daily, referral }: Task): Partial<TaskForm> {
  const makeUp = daily?.make_up;
  return {
    ...(daily && {
      bonuses: (daily.bonuses ?? []).map(({ days, points }) => ({
        days: text(days),
        points: text(points),
      })),
      hasMakeUp: makeUp != null,
    }),
    ...(makeUp && {
      daysBack: text(makeUp.days_back),
      aMonth: text(makeUp.a_month),
      price: text(makeUp.points),
    }),
    ...(referral && {
      friendPoints: text(referral.friend_points),
      orderAtLeast: yuan(referral.order_at_least ?? 1),
      waitDays: text(referral.wait_days),
    }),
  };
}

const number = (value: string) => Number(value.trim() || "0");
const limit = (value: string) => (value.trim() === "" ? null : Number(value));

/** Whether each row has both numbers. */
function areWhole(bonuses: readonly Bonus[]): boolean {
  const figures = bonuses.flatMap(({ days, points }) => [days, points]);
  return figures.every((each) => /^\d+$/.test(each.trim()));
}

/** Whether the form has what each task needs, and numbers where numbers belong. */
export function isWhole(form: TaskForm): boolean {
  const figures = [form.points, form.total, form.day, form.month, form.pending, form.expiryCount];
  const terms = [form.daysBack, form.aMonth, form.price, form.friendPoints, form.waitDays];
  const named = form.zh.trim() !== "" && form.en.trim() !== "";
  const counted = [...figures, ...terms].every((each) => /^\d*$/.test(each.trim()));
  const money = /^\d+(\.\d{1,2})?$/.test(form.orderAtLeast.trim());
  return named && counted && money && (form.kind !== "check_in" || areWhole(form.bonuses));
}

/** What the API takes; `moment` tells a field's day and time as a moment. */
export function partsOf(form: TaskForm, moment: (local: string) => string | null): Parts {
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    text: { "zh-CN": form.textZh.trim(), en: form.textEn.trim() },
    points: number(form.points),
    ...(hasLimits(form.kind) && {
      limits: { total: limit(form.total), day: limit(form.day), month: limit(form.month) },
    }),
    valid: { from: moment(form.from), until: moment(form.until) },
    lots: { pending_days: number(form.pending), expires: expiryOf(form) },
    ...partsOfKind(form),
  };
}

function expiryOf({ expiry, expiryCount }: TaskForm): Schema<"TaskExpiry"> {
  const count = number(expiryCount);
  const none = { kind: expiry, days: null, months: null, years: null };
  if (expiry === "never") return none;
  if (expiry === "days") return { ...none, days: count };
  if (expiry === "end_of_year") return { ...none, years: count };
  return { ...none, months: count };
}

function partsOfKind(form: TaskForm): Parts {
  if (form.kind === "complete_profile") return { fields: form.fields };
  if (form.kind === "survey") return { link: form.link.trim() };
  if (form.kind === "referral") {
    const cents = Math.round(Number(form.orderAtLeast) * 100);
    const [friend, wait] = [number(form.friendPoints), number(form.waitDays)];
    return { referral: { friend_points: friend, order_at_least: cents, wait_days: wait } };
  }
  if (form.kind !== "check_in") return {};
  const makeUp = {
    days_back: number(form.daysBack),
    a_month: number(form.aMonth),
    points: number(form.price),
  };
  const bonuses = form.bonuses.map(({ days, points }) => ({
    days: number(days),
    points: number(points),
  }));
  return { check_in: { bonuses, make_up: form.hasMakeUp ? makeUp : null } };
}
