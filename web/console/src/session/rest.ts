import type { Kept } from "@jifen/shared/intentions";

const MINUTE_MS = 60_000;
/** A session ends after this much rest, over all windows of the browser. */
export const REST_MS = 30 * MINUTE_MS;
/** A person is warned when this much is left. */
export const WARNING_MS = MINUTE_MS;
/** Input is written down no more often than this. */
const GRAIN_MS = 5_000;

const LAST_INPUT = "console:last-input";
/** Stands in place of the time where the session was ended. */
const ENDED = "0";

/** When a person last did something, in any window of this browser. */
export class Rest {
  constructor(
    private readonly kept: Kept,
    private readonly now: () => number = Date.now,
  ) {}

  /** The person did something. */
  touch(): void {
    const now = this.now();
    const last = this.last();
    if (last === null || Math.abs(now - last) >= GRAIN_MS) {
      this.kept.setItem(LAST_INPUT, String(now));
    }
  }

  /** Milliseconds until the session ends; 0 where it is over. */
  leftMs(): number {
    const last = this.last();
    return last === null ? REST_MS : Math.max(last + REST_MS - this.now(), 0);
  }

  isOver(): boolean {
    return this.leftMs() === 0;
  }

  /** Whether the session was ended, here or in another window, and nobody signed in since. */
  hasEnded(): boolean {
    return this.kept.getItem(LAST_INPUT) === ENDED;
  }

  /** A cookie that could not be taken back opens nothing from now on. */
  end(): void {
    this.kept.setItem(LAST_INPUT, ENDED);
  }

  private last(): number | null {
    const found = this.kept.getItem(LAST_INPUT);
    return found === null ? null : Number(found) || 0;
  }
}
