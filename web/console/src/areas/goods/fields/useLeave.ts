import { shallowRef } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";

import { me } from "@/who";

export interface Leave {
  /** Whether a person is being asked. */
  isAsked: () => boolean;
  /** Their answer. */
  settle: (leaves: boolean) => void;
}

/** Ask before another page is opened while this one `holds` something. */
export function useLeave(holds: () => boolean): Leave {
  const asked = shallowRef<((leaves: boolean) => void) | null>(null);

  function ask(): boolean | Promise<boolean> {
    // Whoever was signed out comes back to this page.
    if (!holds() || me.value === null) return true;
    return new Promise((settle) => (asked.value = settle));
  }

  onBeforeRouteLeave(ask);
  onBeforeRouteUpdate((to, from) => (to.path === from.path ? true : ask()));
  return {
    isAsked: () => asked.value !== null,
    settle: (leaves) => {
      asked.value?.(leaves);
      asked.value = null;
    },
  };
}
