import { type Ref, onMounted, onUnmounted, ref } from "vue";

import { type Pressed, isTaken } from "./keys";

const KEPT = "console:keys";

/** Work by single keys, which a person may switch off: software that hears speech types them too. */
export function useKeys<Command extends string>(
  commandOf: (pressed: Pressed) => Command | null,
  run: (command: Command) => boolean,
): {
  isOn: Ref<boolean>;
  turn: () => void;
} {
  const isOn = ref(localStorage.getItem(KEPT) !== "off");

  function onKey(event: KeyboardEvent): void {
    const command = commandOf(event);
    if (!isOn.value || command === null || event.defaultPrevented) return;
    if (isTaken(event.target as Element | null, command) || hasDialog()) return;
    if (run(command)) event.preventDefault();
  }
  onMounted(() => addEventListener("keydown", onKey));
  onUnmounted(() => removeEventListener("keydown", onKey));

  function turn(): void {
    isOn.value = !isOn.value;
    localStorage.setItem(KEPT, isOn.value ? "on" : "off");
  }
  return { isOn, turn };
}

function hasDialog(): boolean {
  const dialogs = document.querySelectorAll<HTMLElement>("[role=dialog]");
  return [...dialogs].some(
    (each) => each.offsetParent !== null || each.getClientRects().length > 0,
  );
}
