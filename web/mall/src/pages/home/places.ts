/** What became of the places of the home page: seen once in a visit, followed each time. */
import type { Schema } from "@jifen/shared/schema";
import { leaveFor } from "#platform/leaving";

import { go } from "@/platform/navigation";
import { jifen } from "@/state/jifen";

type Place = Schema<"PlaceView">;

const MOST = 20;
const told = new Set<string>();

function isOwnPage(link: string | null): link is string {
  return link !== null && link.startsWith("/");
}

/** Count places that came into view, once in a visit. Counts are no matter for the member. */
export function seen(places: readonly Place[]): void {
  const views = places
    .map(({ id }) => id)
    .filter((id) => !told.has(id))
    .slice(0, MOST);
  if (views.length === 0) return;
  for (const id of views) told.add(id);
  count({ views });
}

/** Count a place that is followed, and go where it leads. */
export function follow({ id, link }: Place): void {
  count({ clicks: [id] });
  if (isOwnPage(link)) go(link);
  else if (link !== null) leaveFor(link);
}

function count(body: Schema<"SeenIn">): void {
  void jifen.POST("/v1/places/counts", { body }).catch(() => null);
}
