/** The names of earning rules, for entries that tell of one by its id. */
import { computed, watch } from "vue";

import { answer, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";
import { language } from "@/state/program";

export type RuleName = (rule: string) => string | null;

/** A rule's title; none where it has ended, or while titles are not there. */
export function useRuleNames() {
  const rules = useLoaded(() => answer(jifen.GET("/v1/earning-rules")));
  watch(language, () => void rules.load(), { immediate: true });
  return computed((): RuleName => {
    const titles = new Map(rules.data.value?.data.map((each) => [each.rule_id, each.title]));
    // An entry names the rule and its version: `rul_…@3`.
    return (rule) => titles.get(rule.split("@")[0]) ?? null;
  });
}
