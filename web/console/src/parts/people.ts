import { shallowReactive } from "vue";

import type { Schema } from "@jifen/shared/schema";

export type Person = Schema<"PersonView">;

/** As many as the API names at once. */
const AT_ONCE = 20;

/** Who ids name. What a page shows at one time is asked for together, and once. */
export class People {
  private readonly known = shallowReactive(new Map<string, Person>());
  private readonly asked = new Set<string>();
  private waiting: string[] = [];

  constructor(private readonly ask: (ids: string[]) => Promise<Person[]>) {}

  /** The person of an id, once it is known. */
  find(id: string): Person | undefined {
    return this.known.get(id);
  }

  /** Ask for an id, together with all that are wanted until the page is drawn. */
  want(id: string): void {
    if (this.asked.has(id)) return;
    this.asked.add(id);
    this.waiting.push(id);
    if (this.waiting.length === 1) queueMicrotask(() => this.send());
  }

  /** Somebody else works here now. */
  forget(): void {
    this.known.clear();
    this.asked.clear();
  }

  private send(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let at = 0; at < all.length; at += AT_ONCE) void this.learn(all.slice(at, at + AT_ONCE));
  }

  private async learn(ids: string[]): Promise<void> {
    try {
      for (const person of await this.ask(ids)) this.known.set(person.id, person);
    } catch {
      // The id stands in for the name, and the next page asks again.
      for (const id of ids) this.asked.delete(id);
    }
  }
}

/** A person as colleagues speak of them: `小红 138****8000`; `""` where nothing is known. */
export function personText(person: Person | undefined): string {
  const reach = person?.phone?.replace(/^\+86/, "") ?? person?.email;
  return [person?.nickname, reach].filter((part) => part != null && part !== "").join(" ");
}
