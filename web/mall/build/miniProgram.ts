/** What the build of the mini program does beyond uni-app's. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import type { Plugin } from "vite";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The names that WeChat lacks, and the files that have something in their place. */
const STAND_INS: Record<string, string> = {
  Request: "web",
  Response: "web",
  Headers: "web",
  FormData: "web",
  URLSearchParams: "web",
  AbortController: "web",
  TextEncoder: "web",
  Intl: "intl",
};
/** The code that gets them, as it names what WeChat lacks; Vue asks for itself what there is. */
const THEIRS =
  /\/(shared\/src|mall\/src|node_modules\/(openapi-fetch|@intlify|@noble))\/(?!.*platform\/wechat\/(web|intl)\.ts)/;

/** Puts files of the mall in place of the objects of browsers that the code for WeChat names. */
export const standIns: Plugin = {
  name: "stand-ins",
  enforce: "post",
  transform(code, id) {
    if (!THEIRS.test(id) || id.endsWith(".json")) return null;
    const own = code.replace(/\bglobalThis\.(\w+)/g, (all, name) => (STAND_INS[name] ? name : all));
    const wanted = Object.keys(STAND_INS).filter((name) => new RegExp(`\\b${name}\\b`).test(own));
    const imports = wanted.map(
      (name) =>
        `import { ${name} } from ${JSON.stringify(at(`src/platform/wechat/${STAND_INS[name]}.ts`))};`,
    );
    return wanted.length === 0 ? null : { code: [...imports, own].join("\n"), map: null };
  },
};

const OPTIONS = `defineOptions({ options: { virtualHost: true, styleIsolation: "shared" } });`;

/** WeChat's name for what an element is to assistive software. */
const withRoles = (code: string) => code.replace(/(\s:?)role=/g, "$1aria-role=");

/**
 * Makes components what they are in a browser: no element of their own stands around them, and a
 * class that a parent gives them is styled by the parent's styles, whose names are scoped.
 */
export function asInBrowsers(): Plugin {
  const { pages } = JSON.parse(readFileSync(at("src/pages.json"), "utf8")) as {
    pages: { path: string }[];
  };
  const apart = new Set(
    ["App", ...pages.map(({ path }) => path)].map((each) => at(`src/${each}.vue`)),
  );
  return {
    name: "as-in-browsers",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(at("src")) || !id.endsWith(".vue")) return null;
      const whole = apart.has(id) ? code : code.replace(/<script setup[^>]*>/, `$&${OPTIONS}`);
      return { code: withRoles(whole), map: null };
    },
  };
}

/**
 * The same words machine as in browsers, which compiles messages to data.
 *
 * uni-app puts an older one in its place that leaves `{name}` in a message as it stands.
 */
export const sameWords: Plugin = {
  name: "same-words",
  enforce: "post",
  config: () => ({
    resolve: {
      alias: { "vue-i18n": createRequire(import.meta.url).resolve("vue-i18n/dist/vue-i18n.mjs") },
    },
  }),
};

/** No page has a host in WeChat: the build must know where the API is. */
export const hostNamed: Plugin = {
  name: "host-named",
  config() {
    if (/^https?:\/\/[^/]+$/.test(process.env.VITE_API_HOST ?? "")) return;
    throw new Error(
      "VITE_API_HOST names the host of the API for the mini program, such as https://mall.example.com",
    );
  },
};
