/** How goods are narrowed down and sorted. */
import { decoded } from "@/platform/navigation";

export const KINDS = ["", "physical", "virtual", "service"] as const;
/** `best` is what fits a search best; lists without one have the newest first instead. */
export const SORTS = ["best", "newest", "popular", "points", "-points"] as const;
/** Ranges of points; `mine` is what the member can afford. */
export const BANDS = ["", "mine", "to-500", "500-2000", "2000-5000", "from-5000"] as const;

type Band = (typeof BANDS)[number];

export interface Filter {
  /** What is searched for. */
  q: string;
  /** A category's id, empty for all. */
  category: string;
  brand: string;
  scene: string;
  kind: (typeof KINDS)[number];
  band: Band;
  sort: (typeof SORTS)[number];
}

export const EVERYTHING: Filter = {
  q: "",
  category: "",
  brand: "",
  scene: "",
  kind: "",
  band: "",
  sort: "newest",
};

const LIMITS: Record<Exclude<Band, "" | "mine">, [number | undefined, number | undefined]> = {
  "to-500": [undefined, 500],
  "500-2000": [500, 2000],
  "2000-5000": [2000, 5000],
  "from-5000": [5000, undefined],
};

/** The API's range of points for a band, both ends included; nobody can afford what costs points. */
function bandOf(band: Band, isMember: boolean) {
  if (band === "") return {};
  if (band === "mine") return isMember ? { affordable: true } : { max_points: 0 };
  const [least, most] = LIMITS[band];
  return { min_points: least, max_points: most };
}

/** The API's query of a filter. */
export function queryOf(filter: Filter, isMember: boolean) {
  return {
    q: filter.q || undefined,
    category: filter.category || undefined,
    brand: filter.brand || undefined,
    scene: filter.scene || undefined,
    kind: filter.kind || undefined,
    ...bandOf(filter.band, isMember),
    sort: filter.sort === "best" ? undefined : filter.sort,
  };
}

/** The filter of a page's address. */
export function filterOf(query: Record<string, string | undefined>): Filter {
  const text = (name: string) => decoded(query[name] ?? "") ?? "";
  const q = text("q");
  return {
    q,
    category: text("category"),
    brand: text("brand"),
    scene: text("scene"),
    kind: oneOf(KINDS, query.kind) ?? "",
    band: query.affordable ? "mine" : (oneOf(BANDS, query.band) ?? ""),
    sort: oneOf(SORTS, query.sort) ?? (q ? "best" : "newest"),
  };
}

function oneOf<Value extends string>(values: readonly Value[], wanted: string | undefined) {
  return values.find((each) => each === wanted);
}
