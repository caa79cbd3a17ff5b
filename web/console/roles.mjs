/** Write which role may call what, from the API's document, for `src/roles.ts`. */
import { readFileSync, writeFileSync } from "node:fs";

const near = (path) => new URL(path, import.meta.url);
const { paths } = JSON.parse(readFileSync(near("../shared/openapi.json"), "utf8"));

const roles = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => [
    `${method.toUpperCase()} ${path}`,
    operation["x-roles"] ?? [],
  ]),
);
const staff = roles.filter(([call]) => call.includes(" /v1/admin/"));
writeFileSync(near("src/roles.json"), JSON.stringify(Object.fromEntries(staff), null, 2) + "\n");
