/** What stands in `{{ }}` of WXML, over the data of a component. */

export type Scope = Record<string, unknown>;

const known = new Map<string, (scope: Scope) => unknown>();

function compiled(expression: string): (scope: Scope) => unknown {
  const found =
    known.get(expression) ??
    (new Function("$", `with ($) { return (${expression}); }`) as (scope: Scope) => unknown);
  known.set(expression, found);
  return found;
}

/** A name without data is undefined, as in WeChat. */
function open(scope: Scope): Scope {
  return new Proxy(scope, { has: (_data, name) => typeof name === "string" });
}

/** An attribute's or a text's value: of one `{{ }}` alone what it gives, else a text. */
export function valueOf(text: string, scope: Scope): unknown {
  const alone = /^\{\{([^]*)\}\}$/.exec(text);
  if (alone && !alone[1]?.includes("}}")) return compiled(alone[1] as string)(open(scope));
  return text.replace(/\{\{([^]*?)\}\}/g, (_all, each: string) =>
    String(compiled(each)(open(scope)) ?? ""),
  );
}
