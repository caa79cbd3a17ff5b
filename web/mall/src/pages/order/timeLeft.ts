import { computed, onUnmounted, ref } from "vue";

import { programNow } from "@/state/program";

/** How long it is until a moment, as `29:05`; empty where there is none. */
export function useTimeLeft(until: () => string | null) {
  const ticks = ref(0);
  const timer = setInterval(() => (ticks.value += 1), 1000);
  onUnmounted(() => clearInterval(timer));
  return computed(() => {
    void ticks.value;
    const at = until();
    if (at === null) return "";
    const seconds = Math.max(Math.floor((Date.parse(at) - programNow()) / 1000), 0);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
}
