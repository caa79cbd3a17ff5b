/** What the build for browsers does beyond uni-app's: few files, each asked for as early as it can be. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Plugin, Rollup } from "vite";

import { compiled } from "./messages";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where index.html has the list. */
const LIST = '<script type="application/json" id="page-files">';
const [START, MALL] = ["start", "mall"];
const FIRST = at("src/start.ts");
/** What some pages alone need: pages, their own parts, languages, and hashing. */
const APART = ["src/pages/", "src/language/zh-CN", "src/language/en", "../shared/src/chain"].map(
  at,
);
const WORDS = /\/src\/language\/[\w-]+\/\w+\.json$/;

/**
 * One script for what most pages need, and one style sheet. A file more costs more over a slow
 * network than a few hundred bytes that a page does not need.
 */
export const fewFiles: Plugin = {
  name: "few-files",
  enforce: "post",
  config: () => ({
    build: {
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      rollupOptions: { output: { manualChunks: chunkOf } },
    },
    define: {
      // The mall composes, and names no word in a template's directive.
      __VUE_I18N_FULL_INSTALL__: false,
      __VUE_I18N_LEGACY_API__: false,
      // Its words are compiled when it is built.
      __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    },
  }),
};

function chunkOf(id: string, { getModuleInfo }: Rollup.ManualChunkMeta): string | undefined {
  if (needed(FIRST, getModuleInfo).has(id)) return START;
  const isApart = APART.some((part) => id.startsWith(part)) || id.includes("/@noble/");
  return isApart || id.endsWith(".html") ? undefined : MALL;
}

let known: Set<string> | null = null;

/** The modules that one imports, itself and theirs included. */
function needed(id: string, infoOf: Rollup.GetModuleInfo): Set<string> {
  if (known) return known;
  known = new Set([id]);
  // A set goes on over what is added meanwhile.
  for (const each of known) infoOf(each)?.importedIds.forEach((one) => known?.add(one));
  return known;
}

/** Words as functions: the browser compiles none, and brings no compiler for them. */
export const compiledWords: Plugin = {
  name: "compiled-words",
  // Those before make what they want of a JSON file.
  enforce: "post",
  transform(_code, id) {
    if (!WORDS.test(id)) return null;
    return {
      code: `export default ${compiled(JSON.parse(readFileSync(id, "utf8")))};`,
      map: null,
    };
  },
};

/** Names in index.html the mall's script, which start.ts imports, and each page's files. */
export const filesNamed: Plugin = {
  name: "files-named",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle }) {
      if (!bundle) return html;
      const chunks = Object.values(bundle).flatMap((each) => (each.type === "chunk" ? [each] : []));
      const mall = chunks.find((each) => each.name === MALL);
      if (!mall || !html.includes(LIST)) throw new Error("index.html has no place for its files");
      const preload = { rel: "modulepreload", crossorigin: true, href: `/${mall.fileName}` };
      return {
        html: html.replace(LIST, `${LIST}${JSON.stringify(pageFiles(chunks))}`),
        tags: [{ tag: "link", attrs: preload, injectTo: "head" }],
      };
    },
  },
};

/** The files of each page beside those that all pages have. */
function pageFiles(chunks: Rollup.OutputChunk[]): Record<string, string[]> {
  const { pages } = JSON.parse(readFileSync(at("src/pages.json"), "utf8")) as {
    pages: { path: string }[];
  };
  return Object.fromEntries(pages.map(({ path }) => [path, filesOf(path, chunks)]));
}

function filesOf(path: string, chunks: Rollup.OutputChunk[]): string[] {
  const page = chunks.find((each) => each.facadeModuleId?.startsWith(at(`src/${path}.vue`)));
  if (!page) throw new Error(`the build has no script of ${path}`);
  const files = new Set([page.fileName]);
  for (const file of files) {
    chunks.find((each) => each.fileName === file)?.imports.forEach((one) => files.add(one));
  }
  const shared = chunks.filter((each) => [START, MALL].includes(each.name));
  shared.forEach((each) => files.delete(each.fileName));
  return [...files].map((file) => `/${file}`);
}
