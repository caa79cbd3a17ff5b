/**
 * The markup of a living component as a tree, with the components that it uses.
 *
 * As in WeChat, data that a component sets reaches its own markup and its children at once.
 */
import { declared, read } from "../built";
import { parse, type Element } from "../markup";
import { Instance, type Event, type Options } from "./component";
import { valueOf, type Scope } from "./expressions";

export interface Shown {
  tag: string;
  attributes: Scope;
  owner: Instance;
  children: Tree;
  /** What stands in this element's place, where it is a component. */
  component?: Instance;
}

export type Tree = (Shown | string)[];
type Nodes = (Element | string)[];

interface Place {
  instance: Instance;
  key: string;
  used: Record<string, string>;
  scope: Scope;
}

const markups = new Map<string, Nodes>();

function markupOf(path: string): Nodes {
  const nodes = markups.get(path) ?? parse(read(`${path}.wxml`));
  markups.set(path, nodes);
  return nodes;
}

export class Renderer {
  constructor(private readonly optionsOf: (path: string) => Options) {}

  /** A component begins to live: its own markup, then those of the components in it. */
  begin(is: string, given: Scope, told: (event: Event) => void, route?: string): Instance {
    const instance = new Instance(is, this.optionsOf(is));
    Object.assign(instance, { route, told });
    instance.live("created");
    instance.receive(given, true);
    instance.live("attached");
    instance.changed = () => this.render(instance);
    this.render(instance);
    return instance;
  }

  end(instance: Instance): void {
    for (const each of instance.parts.values()) this.end(each);
    instance.live("detached");
  }

  private render(instance: Instance): void {
    const { parts } = instance;
    instance.seen = new Set();
    const place = { instance, key: "", used: declared(instance.is), scope: instance.data };
    instance.tree = this.nodes(markupOf(instance.is), place);
    for (const [key, part] of parts) {
      if (instance.seen.has(key)) continue;
      parts.delete(key);
      this.end(part);
    }
  }

  private nodes(nodes: Nodes, at: Place): Tree {
    const choose = choosing(at.scope);
    return nodes.flatMap((node, index) => {
      if (typeof node === "string") return [String(valueOf(node, at.scope) ?? "")];
      if (!choose(node.attributes)) return [];
      const here = { ...at, key: `${at.key}/${index}` };
      return "wx:for" in node.attributes ? this.each(node, here) : this.element(node, here);
    });
  }

  private each(node: Element, at: Place): Tree {
    const { "wx:for": list, "wx:for-item": item, "wx:for-index": index } = node.attributes;
    const rows = Object.entries((valueOf(list as string, at.scope) ?? []) as object);
    return rows.flatMap(([name, row], number) => {
      const scope = { ...at.scope, [item ?? "item"]: row, [index ?? "index"]: name };
      return this.element(node, { ...at, scope, key: `${at.key}#${number}` });
    });
  }

  private element({ tag, ...node }: Element, at: Place): Tree {
    if (tag === "block") return this.nodes(node.children, at);
    const attributes = Object.fromEntries(
      Object.entries(node.attributes)
        .filter(([name]) => !name.startsWith("wx:"))
        .map(([name, value]) => [name, valueOf(value, at.scope)]),
    );
    const path = at.used[tag];
    const component = path === undefined ? undefined : this.part(path, attributes, at);
    const children = this.nodes(node.children, at);
    return [{ tag, attributes, owner: at.instance, children, component }];
  }

  private part(path: string, attributes: Scope, { instance, key }: Place): Instance {
    const given = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [camel(name), value]),
    );
    const told = (event: Event) => void tell(instance, attributes, event);
    instance.seen.add(key);
    const known = instance.parts.get(key);
    if (known) {
      known.told = told;
      known.receive(given);
      return known;
    }
    const is = new URL(path, `file:///${instance.is}`).pathname.slice(1);
    const part = this.begin(is, given, told);
    instance.parts.set(key, part);
    queueMicrotask(() => part.live("ready"));
    return part;
  }
}

/** Whether each of the elements beside each other is shown: of a choice the first that holds. */
function choosing(scope: Scope): (attributes: Record<string, string>) => boolean {
  let taken = false;
  return ({ "wx:if": first, "wx:elif": other, "wx:else": last }) => {
    if ([first, other, last].every((each) => each === undefined)) return true;
    if (first !== undefined) taken = false;
    const test = first ?? other;
    const shown = !taken && (test === undefined || Boolean(valueOf(test, scope)));
    taken ||= shown;
    return shown;
  };
}

/** Calls what the markup bound to an event; true where the event goes no further. */
export function tell(owner: Instance, attributes: Scope, event: Event): boolean {
  for (const bound of [`bind${event.type}`, `bind:${event.type}`, `catch${event.type}`]) {
    const method = attributes[bound];
    if (typeof method === "string" && method) owner.call(method, event);
    if (method !== undefined && bound.startsWith("catch")) return true;
  }
  return false;
}

/** The tree that a person sees: components and slots give way to what is in them. */
export function seen(tree: Tree, slotted: Tree = []): Tree {
  return tree.flatMap((node) => {
    if (typeof node === "string") return [node];
    if (node.component) return seen(node.component.tree, seen(node.children, slotted));
    if (node.tag === "slot") return slotted.filter((each) => slotOf(each) === slotOf(node, "name"));
    return [{ ...node, children: seen(node.children, slotted) }];
  });
}

function slotOf(node: Shown | string, attribute = "slot"): string {
  return typeof node === "string" ? "" : String(node.attributes[attribute] ?? "");
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
