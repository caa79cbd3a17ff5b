/** The built mini program, as its files lie. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../dist/build/mp-weixin/", import.meta.url));

/** The paths below the built mini program that end with `.ext`. */
export function files(ext: string, root = BUILT): string[] {
  return (readdirSync(root, { recursive: true }) as string[]).filter((each) =>
    each.endsWith(`.${ext}`),
  );
}

export function read(path: string, root = BUILT): string {
  return readFileSync(join(root, path), "utf8");
}

export function has(path: string, root = BUILT): boolean {
  return existsSync(join(root, path));
}

/** The names of components that a page or a component declares. */
export function declared(path: string, root = BUILT): Record<string, string> {
  const file = JSON.parse(read(`${path}.json`, root)) as { usingComponents?: object };
  return (file.usingComponents ?? {}) as Record<string, string>;
}

/** Bytes of all files, as WeChat counts a package without subpackages. */
export function size(root = BUILT): number {
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return all
    .filter((each) => each.isFile())
    .reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).size, 0);
}
