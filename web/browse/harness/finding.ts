/** Finds a Chromium on this machine: one that is named, one in PATH, or the one inside an npm package. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const PACKAGE = "@sparticuz/chromium";
const HELP =
  "Install Chromium (Debian: apt-get install chromium), or name one by JIFEN_CHROMIUM=/path/to/it.";
const require = createRequire(import.meta.url);

export interface Found {
  path: string;
  version: string;
  /** Variables that it needs beside the environment's. */
  variables: Record<string, string>;
}

type Environment = Record<string, string | undefined>;

/** A Chromium that starts. Raises Error that says what was tried and what to do. */
export async function findChromium(environment: Environment = process.env): Promise<Found> {
  const named = environment["JIFEN_CHROMIUM"];
  if (named) return tried(named, {}, "JIFEN_CHROMIUM");
  const installed = inPath(environment["PATH"] ?? "");
  return installed === null ? packed() : tried(installed, {}, "the Chromium in PATH");
}

function inPath(path: string): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package's Chromium, with the libraries that it brings where the system has none. */
async function packed(): Promise<Found> {
  const folder = await unpacked();
  const path = join(folder, "chromium");
  const variables: Record<string, string> = {};
  if (!existsSync("/etc/fonts/fonts.conf")) variables["FONTCONFIG_PATH"] = join(folder, "fonts");
  try {
    return tried(path, variables, PACKAGE);
  } catch {
    const libraries = { LD_LIBRARY_PATH: join(folder, "al2023/lib") };
    return tried(path, { ...variables, ...libraries }, PACKAGE);
  }
}

/** The folder of the unpacked files, unpacked once for each version of the package. */
async function unpacked(): Promise<string> {
  const { version } = require(`${PACKAGE}/package.json`) as { version: string };
  const modules = join(require.resolve(`${PACKAGE}/package.json`), "../../..");
  const folder = join(modules, ".cache", `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(modules, ".cache"), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  await inflate(partial);
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Unpacks all parts into a folder: the package writes into the folder for temporary files. */
async function inflate(folder: string): Promise<void> {
  const { default: inflated } = require(`${PACKAGE}/build/lambdafs`) as {
    default: { inflate(file: string): Promise<string> };
  };
  const packs = join(require.resolve(`${PACKAGE}/package.json`), "../bin");
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    for (const name of ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"]) {
      await inflated.inflate(join(packs, name));
    }
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

function tried(path: string, variables: Record<string, string>, from: string): Found {
  try {
    const version = execFileSync(path, ["--version"], {
      env: { ...process.env, ...variables },
      encoding: "utf8",
      timeout: 30_000,
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
    return { path, version, variables };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new Error(`${path} (${from}) does not start: ${said}\n${HELP}`);
  }
}
