/** The built mini program, run in an engine that has what WeChat's on Android has, and no more. */
import { dirname, join, normalize } from "node:path";
import { createContext, runInContext, type Context } from "node:vm";

import { read } from "../built";
import { wechat, type World } from "./api";
import { eventOf, Instance, type Options } from "./component";
import { LACKING } from "./lacking";
import { Renderer, seen, tell, type Shown, type Tree } from "./render";

export class MiniProgram {
  readonly world: World;
  private readonly context: Context;
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly components = new Map<string, Options>();
  private loading = "";
  private page: Instance | null = null;
  private readonly renderer = new Renderer((path) => this.optionsOf(path));
  /** Errors that nobody caught. */
  readonly errors: unknown[] = [];

  constructor(host: string, mall: string, storage = new Map<string, unknown>()) {
    const go = (way: string, url: string) => queueMicrotask(() => this.follow(way, url));
    this.world = { host, mall, storage, sent: [], clipboard: [], go, online: true };
    let app: object | undefined;
    this.context = createContext({
      ...{ setTimeout, clearTimeout, setInterval, clearInterval },
      console: { ...console, error: (...told: unknown[]) => this.errors.push(told) },
      wx: wechat(this.world),
      App: (options: { onLaunch?: (how: object) => void }) => {
        app = options;
        options.onLaunch?.({});
      },
      Page: (options: Options) => this.components.set(this.loading, options),
      Component: (options: Options) => this.components.set(this.loading, options),
      getApp: (how?: { allowDefault: boolean }) => app ?? (how?.allowDefault ? {} : undefined),
      getCurrentPages: () => (this.page ? [this.page] : []),
    });
    const lacking = LACKING.map((name) => `delete globalThis.${name};`).join("");
    runInContext(`globalThis.global = globalThis; ${lacking}`, this.context);
    this.require("app.js");
  }

  /** Open a page such as `pages/goods/product?id=…` as the only one. */
  open(url: string): void {
    const [route = "", search = ""] = url.replace(/^\//, "").split("?");
    if (this.page) {
      this.page.call("onUnload");
      this.renderer.end(this.page);
    }
    const page = this.renderer.begin(route, {}, () => undefined, route);
    this.page = page;
    page.call("onLoad", Object.fromEntries(new URLSearchParams(search)));
    page.call("onShow");
    page.live("ready");
  }

  private shown(): Tree {
    return seen(this.page?.tree ?? []);
  }

  get route(): string {
    return this.page?.route ?? "";
  }

  /** The texts of the page, one a line. */
  text(): string {
    return texts(this.shown()).join("\n");
  }

  /** Every element that is shown. */
  elements(): Shown[] {
    return this.shown().flatMap((each) => flat(each));
  }

  /** Tap the element that shows `words`: the event rises until an element catches it. */
  tap(words: string): void {
    const path = find(this.shown(), words);
    if (path === null) throw new Error(`nothing shows "${words}" in:\n${this.text()}`);
    path.reverse().some(({ owner, attributes }) => tell(owner, attributes, eventOf("tap", {})));
  }

  /** Type into the input that is labelled so. */
  type(label: string, value: string): void {
    const input = this.elements().find((each) => each.attributes["aria-label"] === label);
    if (!input) throw new Error(`no input "${label}" in:\n${this.text()}`);
    tell(input.owner, input.attributes, eventOf("input", { value }));
  }

  private follow(way: string, url: string): void {
    if (way !== "navigateBack") this.open(url);
  }

  private optionsOf(path: string): Options {
    if (!this.components.has(path)) this.require(`${path}.js`);
    return this.components.get(path) as Options;
  }

  private require(path: string): unknown {
    const known = this.modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(path, module);
    const before = this.loading;
    this.loading = path.replace(/\.js$/, "");
    const run = runInContext(
      `(function (require, module, exports) {${read(path)}\n})`,
      this.context,
      {
        filename: path,
      },
    ) as (require: unknown, module: unknown, exports: unknown) => void;
    run(
      (wanted: string) => this.require(normalize(join(dirname(path), wanted))),
      module,
      module.exports,
    );
    this.loading = before;
    return module.exports;
  }
}

function texts(nodes: Tree): string[] {
  return nodes.flatMap((each) =>
    typeof each === "string" ? (each.trim() ? [each.trim()] : []) : texts(each.children),
  );
}

function flat(node: Shown | string): Shown[] {
  return typeof node === "string" ? [] : [node, ...node.children.flatMap(flat)];
}

/** The elements from the page down to the one that shows `words` alone. */
function find(nodes: Tree, words: string): Shown[] | null {
  for (const node of nodes) {
    if (typeof node === "string") continue;
    if (node.children.some((each) => typeof each === "string" && each.trim() === words))
      return [node];
    const below = find(node.children, words);
    if (below) return [node, ...below];
  }
  return null;
}
