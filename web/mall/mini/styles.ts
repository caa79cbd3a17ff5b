/** What is wrong with a component's styles: WeChat takes classes there, and nothing else. */
import postcss from "postcss";

const TAKEN = /^(\s*[>+~]?\s*(\.[\w-]+|:{1,2}[\w-]+(\([^)]*\))?)+)+$/;

export function flawsOf(wxss: string): string[] {
  const found: string[] = [];
  postcss.parse(wxss).walkRules((rule) => {
    const { parent } = rule;
    if (parent?.type === "atrule" && "name" in parent && /keyframes$/.test(parent.name)) return;
    found.push(...rule.selectors.filter((each) => !TAKEN.test(each)));
  });
  return found.map((selector) => `"${selector}" is no class`);
}
