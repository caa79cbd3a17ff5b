import type { Schema } from "@jifen/shared/schema";

import { type Clock, momentOf, wallOf } from "../goods/editor/typed";

export type Place = Schema<"AdminPlaceView">;
type Kind = Place["kind"];
type ShownTo = "all" | "guests" | "members";
interface Pair {
  zh: string;
  en: string;
}

export const KINDS: readonly Kind[] = ["banner", "entry", "announcement", "date"];
export const STATUSES: readonly Place["status"][] = ["draft", "published", "retired"];
export const SHOWN_TO: readonly ShownTo[] = ["all", "guests", "members"];

/** A place as a person types it; times are those of the program's clock, "" is without limit. */
interface PlaceForm {
  kind: Kind;
  title: Pair;
  text: Pair;
  picture: Pair;
  link: string;
  rank: string;
  from: string;
  until: string;
  to: ShownTo;
  tiers: string[];
  status: Place["status"];
}

const pair = (words: Place["text"]): Pair => ({
  zh: words?.["zh-CN"] ?? "",
  en: words?.en ?? "",
});
const wall = (at: string | null, clock: Clock) => (at === null ? "" : wallOf(at, clock));
const moment = (at: string, clock: Clock) => (at === "" ? null : momentOf(at, clock));

function empty(): PlaceForm {
  return {
    kind: "banner",
    title: pair(null),
    text: pair(null),
    picture: pair(null),
    link: "",
    rank: "0",
    from: "",
    until: "",
    to: "all",
    tiers: [],
    status: "draft",
  };
}

export function formOf(place: Place | null, clock: Clock): PlaceForm {
  if (place === null) return empty();
  const { kind, status, link, rank, from, until, readers } = place;
  return {
    kind,
    status,
    title: pair(place.title),
    text: pair(place.text),
    picture: pair(place.pictures),
    link: link ?? "",
    rank: `${rank}`,
    from: wall(from, clock),
    until: wall(until, clock),
    to: readers.to ?? "all",
    tiers: [...(readers.members?.tiers ?? [])],
  };
}

/** What the API takes besides the kind. One picture stands for both languages. */
export function bodyOf(form: PlaceForm, seen: Place | null, clock: Clock): Schema<"PlaceChange"> {
  return {
    title: { "zh-CN": form.title.zh.trim(), en: form.title.en.trim() },
    text: textOf(form.text),
    pictures: picturesOf(form.picture),
    link: form.link.trim() || null,
    rank: Number(form.rank),
    from: moment(form.from, clock),
    until: moment(form.until, clock),
    readers: readersOf(form, seen),
    status: form.status,
  };
}

/** Tags, segments and lists of the audience stay as they are. */
function readersOf({ to, tiers }: PlaceForm, seen: Place | null): Schema<"PlaceReaders"> {
  const { tags = [], segments = [], lists = [] } = seen?.readers.members ?? {};
  const isNarrow = tiers.length + tags.length + segments.length + lists.length > 0;
  if (to === "guests" || !isNarrow) return { to, members: { all: true } };
  return { to, members: { tiers, tags, segments, lists } };
}

function textOf({ zh, en }: Pair) {
  return `${zh}${en}`.trim() === "" ? null : { "zh-CN": zh.trim(), en: en.trim() };
}

function picturesOf(picture: Pair) {
  const [zh, en] = [picture.zh.trim(), picture.en.trim()];
  return zh || en ? { "zh-CN": zh || en, en: en || zh } : null;
}

/** What each kind cannot do without. */
const NEEDED: Record<Kind, (form: PlaceForm) => boolean> = {
  banner: ({ picture }) => picturesOf(picture) !== null,
  entry: ({ link }) => link.trim() !== "",
  announcement: () => true,
  date: ({ from }) => from !== "",
};

export function isWhole(form: PlaceForm): boolean {
  const isNamed = form.title.zh.trim() !== "" && form.title.en.trim() !== "";
  return isNamed && /^\d{1,4}$/.test(form.rank.trim()) && NEEDED[form.kind](form);
}
