"""A folder as web/ is, whose build is a small script: it counts its runs and may fail."""

from __future__ import annotations

import json
from pathlib import Path

_NAME = "small-web"
# A script may run another.
_SCRIPTS = {"build": "npm run inner", "inner": "node build.cjs"}
# The page tells what it was built from.
_BUILD = """
const fs = require("node:fs");
fs.appendFileSync("../built.log", "built\\n");
const text = fs.readFileSync("src/text.txt", "utf8").trim();
if (text === "broken") { console.error("src/text.txt: no such word"); process.exit(2); }
fs.rmSync("dist", { recursive: true, force: true });
for (const place of ["dist/", "dist/console/"]) {
    fs.mkdirSync(place + "assets", { recursive: true });
    fs.writeFileSync(place + "index.html", `<!doctype html><title>${place} ${text}</title>`);
    fs.writeFileSync(place + "assets/app-1a2b.js", "// " + text.repeat(2000));
}
fs.writeFileSync("dist/favicon.svg", "<svg/>");
fs.writeFileSync("src/made.ts", String(Date.now()));
"""


def small_web(folder: Path, text: str = "first") -> Path:
    """Make one below the folder."""
    web = folder / "web"
    (web / "src").mkdir(parents=True)
    package = {"name": _NAME, "private": True, "scripts": _SCRIPTS}
    lock = {"name": _NAME, "lockfileVersion": 3, "requires": True, "packages": {"": package}}
    (web / "package.json").write_text(json.dumps(package))
    (web / "package-lock.json").write_text(json.dumps(lock))
    (web / "build.cjs").write_text(_BUILD)
    (web / ".gitignore").write_text("# made by the build\nmade.ts\n")
    write_text(web, text)
    return web


def write_text(web: Path, text: str) -> None:
    """Change its source."""
    (web / "src/text.txt").write_text(text)


def builds(web: Path) -> int:
    """How often it was built."""
    log = web.parent / "built.log"
    return len(log.read_text().splitlines()) if log.exists() else 0
