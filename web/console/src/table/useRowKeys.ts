import type { Ref } from "vue";

const STEPS: Record<string, number | undefined> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Walk a table's rows by the arrows, or by j and k; Enter opens one. */
export function useRowKeys(
  body: Ref<HTMLElement | null>,
  open: (index: number) => void,
): (event: KeyboardEvent) => void {
  return (event) => {
    const rows = rowsOf(body.value);
    const at = rows.indexOf(event.target as HTMLElement);
    const step = event.key === "Enter" ? 0 : STEPS[event.key];
    if (at < 0 || step === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (step === 0) open(at);
    else rows[at + step]?.focus();
  };
}

function rowsOf(body: HTMLElement | null): HTMLElement[] {
  return body === null ? [] : [...body.querySelectorAll<HTMLElement>("tr[tabindex]")];
}
