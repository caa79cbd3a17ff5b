/** Finds in a script what WeChat's engine lacks or forbids: names that nobody declares, eval. */
import { runInNewContext } from "node:vm";

import { Linter, type Rule } from "eslint";

import { LACKING } from "./wechat/lacking";

/** What an engine without a browser has, less what WeChat's leaves out on some phones. */
const ENGINE = (runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[]).filter(
  (name) => !LACKING.includes(name),
);
/** Source: https://developers.weixin.qq.com/miniprogram/dev/reference/api/App.html and beside it. */
const WECHAT = [
  ...["wx", "App", "Page", "Component", "Behavior", "getApp", "getCurrentPages"],
  ...["require", "module", "exports", "global", "globalThis", "console"],
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval"],
];
const KNOWN = new Set([...ENGINE, ...WECHAT]);

type Node = Rule.Node;

/** What decides whether `at` runs, where `above` is around it: the test of an `if`, of `?` or `&&`. */
function condition(at: Node, above: Node): Node | null {
  if (above.type === "ConditionalExpression" || above.type === "IfStatement") {
    return at === above.test ? null : (above.test as Node);
  }
  return above.type === "LogicalExpression" && at === above.right ? (above.left as Node) : null;
}

/** Whether a name is used only where `typeof` has asked for it. */
function guarded(name: string, node: Node, textOf: (node: Node) => string): boolean {
  if (node.parent.type === "UnaryExpression" && node.parent.operator === "typeof") return true;
  const asked = new RegExp(`\\btypeof ${name.replace(/\$/g, "\\$")}\\b`);
  for (let [at, above] = [node, node.parent]; above; [at, above] = [above, above.parent]) {
    const test = condition(at, above);
    if (test && asked.test(textOf(test))) return true;
  }
  return false;
}

const foreignNames: Rule.RuleModule = {
  create: ({ sourceCode, report }) => ({
    "Program:exit"(program) {
      const textOf = (node: Node) => sourceCode.getText(node);
      const { through, variables } = sourceCode.getScope(program);
      // ESLint declares the engine's names itself: those have no definition.
      const engine = variables.filter(({ defs }) => defs.length === 0);
      for (const { identifier } of [...through, ...engine.flatMap((each) => each.references)]) {
        const { name } = identifier;
        if (KNOWN.has(name) || guarded(name, identifier as Node, textOf)) continue;
        report({ node: identifier, message: `'${name}' is not there in WeChat` });
      }
    },
  }),
};

/** What is wrong with a script, with the code around it. */
export function flawsOf(script: string): string[] {
  const found = new Linter().verify(
    script,
    {
      plugins: { wechat: { rules: { "foreign-names": foreignNames } } },
      languageOptions: { sourceType: "script", ecmaVersion: 2022, globals: {} },
      rules: { "wechat/foreign-names": 2, "no-eval": 2, "no-implied-eval": 2, "no-new-func": 2 },
    },
    { allowInlineConfig: false },
  );
  const lines = script.split("\n");
  return found.map(({ message, line, column }) => {
    const around = (lines[line - 1] ?? "").slice(Math.max(column - 60, 0), column + 60);
    return `${message}: …${around}…`;
  });
}
