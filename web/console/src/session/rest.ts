import type { Kept } from "@jifen/shared/intentions";

const MINUTE_MS = 60_000;
/** A session ends after this much rest, over all windows of the browser. */
export const REST_MS = 30 * MINUTE_MS;
/** A person is warned when this much is left. */
export const WARNING_MS = MINUTE_MS;
/** Input is written down no more often than this. */
const GRAIN_MS = 5_000;

export const LAST_INPUT = "console:last-input";

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

  /** Milliseconds until the session ends; 0 where it is over or never began. */
  leftMs(): number {
    const last = this.last();
    return last === null ? 0 : Math.max(last + REST_MS - this.now(), 0);
  }

  isOver(): boolean {
    return this.leftMs() === 0;
  }

  /** Whether somebody signed in here and did not sign out. */
  began(): boolean {
    return this.last() !== null;
  }

  end(): void {
    this.kept.removeItem(LAST_INPUT);
  }

  private last(): number | null {
    const found = Number(this.kept.getItem(LAST_INPUT) ?? Number.NaN);
    return Number.isFinite(found) ? found : null;
  }
}
