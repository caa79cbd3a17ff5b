/** How goods are narrowed down and sorted. */

export const KINDS = ["", "physical", "virtual", "service"] as const;
export const SORTS = ["newest", "points", "-points"] as const;
/** Ranges of points; `mine` is what the member can afford. */
export const BANDS = ["", "mine", "to-500", "500-2000", "2000-5000", "from-5000"] as const;

type Band = (typeof BANDS)[number];

export interface Filter {
  /** A category's id, empty for all. */
  category: string;
  kind: (typeof KINDS)[number];
  band: Band;
  sort: (typeof SORTS)[number];
}

const LIMITS: Record<Exclude<Band, "" | "mine">, [number | undefined, number | undefined]> = {
  "to-500": [undefined, 500],
  "500-2000": [500, 2000],
  "2000-5000": [2000, 5000],
  "from-5000": [5000, undefined],
};

/** The API's range of points for a band, both ends included. */
export function bandOf(
  band: Band,
  available: number | null,
): { min_points?: number; max_points?: number } {
  if (band === "") return {};
  if (band === "mine") return { max_points: available ?? 0 };
  const [least, most] = LIMITS[band];
  return { min_points: least, max_points: most };
}
