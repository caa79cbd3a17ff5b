/**
 * The parts of a browser's web that the API's client needs, which WeChat lacks.
 *
 * The build of the mini program puts them in place of the names; see build/miniProgram.ts. They do
 * what the client asks of them and no more. This file imports nothing: the vendor's bundle uses it.
 */

type Pairs = Record<string, string | string[]> | Iterable<readonly [string, string]>;

/** Headers by their names in lower case; several of one name are joined by commas. */
export class Headers {
  private readonly held = new Map<string, string>();

  constructor(from: Pairs = {}) {
    const pairs = Symbol.iterator in from ? from : Object.entries(from);
    for (const [name, value] of pairs as Iterable<[string, string | string[]]>) {
      for (const each of Array.isArray(value) ? value : [value]) this.append(name, String(each));
    }
  }

  get(name: string): string | null {
    return this.held.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.held.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    this.held.set(name.toLowerCase(), String(value));
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    this.held.delete(name.toLowerCase());
  }

  entries(): IterableIterator<[string, string]> {
    return this.held.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

interface RequestInit {
  method?: string;
  headers?: Pairs | Headers;
  body?: string | null;
  signal?: AbortSignal | null;
}

const BLANK = { method: "GET", headers: {}, body: null, signal: null };

/** A request whose body is a text, so that it can be read as often as wanted. */
export class Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal | null;

  constructor(from: string | Request, init: RequestInit = {}) {
    const { url, method, headers, body, signal } =
      typeof from === "string" ? { ...BLANK, url: from } : from;
    this.url = url;
    this.method = (init.method ?? method).toUpperCase();
    this.headers = new Headers(init.headers ?? headers);
    this.body = init.body ?? body;
    this.signal = init.signal ?? signal;
  }

  clone(): Request {
    return new Request(this);
  }
}

export class Response {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;

  constructor(
    private readonly content: string,
    init: { status: number; headers?: Pairs },
  ) {
    this.status = init.status;
    this.ok = init.status >= 200 && init.status < 300;
    this.headers = new Headers(init.headers);
  }

  async text(): Promise<string> {
    return this.content;
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.content);
  }
}

export class AbortSignal {
  aborted = false;
  private readonly listeners: (() => void)[] = [];

  addEventListener(_kind: "abort", listener: () => void): void {
    this.listeners.push(listener);
  }

  /** For AbortController alone. */
  tell(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.listeners.forEach((each) => each());
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(): void {
    this.signal.tell();
  }
}

/** The mini program sends no forms: nothing is one. */
export function FormData(): void {}

/** The fields of a form as a text. */
export class URLSearchParams {
  constructor(private readonly fields: Record<string, unknown>) {}

  toString(): string {
    const pairs = Object.entries(this.fields);
    return pairs
      .map((pair) => pair.map((each) => encodeURIComponent(String(each))).join("="))
      .join("&");
  }
}

/** A text as the bytes of its UTF-8. */
export class TextEncoder {
  encode(text: string): Uint8Array {
    const escaped = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_all, hex) =>
      String.fromCharCode(parseInt(hex, 16)),
    );
    return Uint8Array.from(escaped, (each) => each.charCodeAt(0));
  }
}
