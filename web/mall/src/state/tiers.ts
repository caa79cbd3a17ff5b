/** The names of tiers, for what tells of one by its key. */
import { computed, watch } from "vue";

import { answer, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";
import { language } from "@/state/program";

type TierName = (tier: string) => string;

/** A tier's name; its key where ops have taken it away, or while names are not there. */
export function useTierNames(isWanted: () => boolean) {
  const tiers = useLoaded(() => answer(jifen.GET("/v1/tiers")));
  watch([language, isWanted], () => void (isWanted() && tiers.load()), { immediate: true });
  return computed((): TierName => {
    const titles = new Map(tiers.data.value?.data.map((each) => [each.key, each.title]));
    return (tier) => titles.get(tier) ?? tier;
  });
}
