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

/**
 * The key of `content` within an intention whose random `root` is in a page's address.
 *
 * Windows that show one address share the key: both may send, and one takes effect.
 */
export function keyWithin(root: string, content: unknown): string {
  return `${root}-${digest(JSON.stringify(content)).toString(16)}`;
}

/** FNV-1a of the text, in 64 bits: it tells the contents of one intention apart, and protects nothing. */
function digest(text: string): bigint {
  let found = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    found = BigInt.asUintN(64, (found ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return found;
}

function slot(name: string): string {
  return `intention:${name}`;
}
