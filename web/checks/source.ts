import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const WEB = join(import.meta.dirname, "..");
const FOLDERS = ["shared", "mall", "console", "browse"];

/** The files of the web's parts, such as `mall/src/App.vue`, each with its text. */
export function sources(kind: RegExp, folders = FOLDERS): Map<string, string> {
  const names = folders.flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => kind.test(name) && !/node_modules|^dist|contract\.d\.ts$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return new Map(names.sort().map((name) => [name, readFileSync(join(WEB, name), "utf8")]));
}
