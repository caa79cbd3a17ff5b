/** A component or a page of the mini program while it lives, with WeChat's own methods. */
import type { Scope } from "./expressions";
import type { Tree } from "./render";

export interface Options {
  properties?: Record<string, { value?: unknown; observer?: (value: unknown) => void }>;
  observers?: Record<string, (value: unknown) => void>;
  data?: Scope;
  lifetimes?: Record<string, () => void>;
  created?: () => void;
  methods?: Record<string, (...args: unknown[]) => unknown>;
}

export interface Event {
  type: string;
  detail: unknown;
  target: { dataset: object };
  currentTarget: { dataset: object };
  timeStamp: number;
}

export function eventOf(type: string, detail: unknown): Event {
  const node = { dataset: {}, offsetLeft: 0, offsetTop: 0 };
  return { type, detail, target: node, currentTarget: node, timeStamp: Date.now() };
}

export class Instance {
  [method: string]: unknown;
  data: Scope = {};
  /** Its markup as it stands, and the components in it by their places. */
  tree: Tree = [];
  readonly parts = new Map<string, Instance>();
  seen = new Set<string>();
  route?: string;
  /** Tells the markup that uses this component about an event. */
  told: (event: Event) => void = () => undefined;
  changed: () => void = () => undefined;

  constructor(
    readonly is: string,
    readonly options: Options,
  ) {
    for (const [name, { value }] of Object.entries(options.properties ?? {})) {
      this.data[name] = value;
    }
    Object.assign(this.data, options.data);
    Object.assign(this, options.methods);
  }

  get properties(): Scope {
    return this.data;
  }

  live(name: "created" | "attached" | "ready" | "detached"): void {
    if (name === "created") this.options.created?.call(this);
    this.options.lifetimes?.[name]?.call(this);
  }

  /** Take what the markup around gives; those who observe it are told, unless the life begins. */
  receive(given: Scope, begins = false): void {
    for (const [name, value] of Object.entries(given)) {
      const known = JSON.stringify(this.data[name]) === JSON.stringify(value);
      if (!known && this.options.properties?.[name]) this.take(name, value, begins);
    }
  }

  private take(name: string, value: unknown, begins: boolean): void {
    this.data[name] = value;
    this.options.properties?.[name]?.observer?.call(this, value);
    if (!begins) this.options.observers?.[name]?.call(this, value);
  }

  setData(changes: Scope, done?: () => void): void {
    // WeChat sends data to another thread: what is no data does not arrive.
    const sent = JSON.parse(JSON.stringify(changes)) as Scope;
    for (const [path, value] of Object.entries(sent)) set(this.data, path, value);
    this.changed();
    if (done) queueMicrotask(() => done.call(this));
  }

  triggerEvent(type: string, detail: unknown): void {
    this.told(eventOf(type, detail));
  }

  call(method: string, ...args: unknown[]): unknown {
    return (this[method] as ((...args: unknown[]) => unknown) | undefined)?.apply(this, args);
  }
}

/** Puts a value at a path such as `h[0].a`. */
function set(data: Scope, path: string, value: unknown): void {
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  const last = steps.pop() as string;
  let at = data;
  for (const step of steps) at = (at[step] ??= {}) as Scope;
  at[last] = value;
}
