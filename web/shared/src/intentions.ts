/** Storage that outlives a reload: sessionStorage in browsers. */
export interface Kept {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/**
 * The keys of intentions: each try of one intention sends the same `Idempotency-Key`.
 *
 * An intention is a name, such as `order`, with the content that is sent. It keeps its key over a
 * reload until `done`. Other content is another intention.
 */
export class Intentions {
  constructor(
    private readonly kept: Kept,
    private readonly makeKey: () => string,
  ) {}

  keyOf(name: string, content: unknown): string {
    const text = JSON.stringify(content);
    const known = this.read(name);
    if (known !== null && known.text === text) return known.key;
    const key = this.makeKey();
    this.kept.setItem(slot(name), JSON.stringify({ text, key }));
    return key;
  }

  /** The intention took effect: the same content is a new intention from now on. */
  done(name: string): void {
    this.kept.removeItem(slot(name));
  }

  private read(name: string): { text: string; key: string } | null {
    const found = this.kept.getItem(slot(name));
    return found === null ? null : (JSON.parse(found) as { text: string; key: string });
  }
}

function slot(name: string): string {
  return `intention:${name}`;
}
