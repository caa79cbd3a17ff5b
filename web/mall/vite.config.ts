import { fileURLToPath } from "node:url";

import uni from "@dcloudio/vite-plugin-uni";
import { defineConfig, type Plugin } from "vite";

import { compiledWords, fewFiles, filesNamed } from "./build/browser";
import { asInBrowsers, hostNamed, sameWords, standIns } from "./build/miniProgram";

/** What differs between the browser and the mini program has a file for each, under one name. */
const inWechat = process.env.UNI_PLATFORM === "mp-weixin";
const surroundings = inWechat ? "wechat" : "browser";

const mall = `http://127.0.0.1:${process.env.JIFEN_PORT ?? "8000"}`;

/** uni-app's styles fetch a shadow from its maker's host: the mall's pages load from their own. */
const withoutForeignPictures: Plugin = {
  name: "without-foreign-pictures",
  enforce: "post",
  generateBundle(_options, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type !== "asset" || typeof asset.source !== "string") continue;
      asset.source = asset.source.replace(/url\(https?:[^)]*\)/g, "none");
    }
  },
};

export default defineConfig({
  plugins: [
    ...(inWechat
      ? [hostNamed, asInBrowsers(), standIns, sameWords]
      : [withoutForeignPictures, compiledWords, fewFiles, filesNamed]),
    uni({ vueOptions: { script: { propsDestructure: true } } }),
  ],
  resolve: {
    alias: {
      "#platform": fileURLToPath(new URL(`./src/platform/${surroundings}`, import.meta.url)),
    },
  },
  // In WeChat messages are compiled to data, not to functions: no code is made from texts there.
  define: { __INTLIFY_JIT_COMPILATION__: true, __INTLIFY_DROP_MESSAGE_COMPILER__: false },
  // `npm run dev` beside a running mall.
  server: { proxy: { "^/(v1|_local|pictures)/": mall } },
});
