/** The months of a member: from the one of registration to this one, newest first. */
import { computed, type ComputedRef } from "vue";

import { monthsBetween } from "@/pages/points/months";
import { who } from "@/state/member";
import { programNow, show } from "@/state/program";

export function useMonths(): ComputedRef<string[]> {
  return computed(() => {
    const now = show.month(new Date(programNow()));
    const began = who.member === null ? now : show.month(new Date(who.member.created_at));
    return monthsBetween(began, now);
  });
}
