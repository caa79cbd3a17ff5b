/** What was searched for on this device, the last first. */
import { lasting } from "#platform/storage";
import { ref } from "vue";

const NAME = "jifen:searched";
const MOST = 10;

export const searched = ref<string[]>(read());

/** Note a search. */
export function noteSearch(words: string): void {
  keep([words, ...searched.value.filter((each) => each !== words)].slice(0, MOST));
}

export function forgetSearches(): void {
  keep([]);
}

function keep(words: string[]): void {
  searched.value = words;
  try {
    lasting.setItem(NAME, JSON.stringify(words));
  } catch {
    // A device without room forgets it with the page.
  }
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(lasting.getItem(NAME) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
