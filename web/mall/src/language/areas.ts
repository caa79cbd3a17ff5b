/** Words by their areas: `./zh-CN/home.json` is of `home`. */
export type Words = Record<string, unknown>;

export function byArea(files: Record<string, unknown>): Words {
  const nameOf = (path: string) => path.replace(/^.*\/|\.json$/g, "");
  return Object.fromEntries(Object.entries(files).map(([path, words]) => [nameOf(path), words]));
}
