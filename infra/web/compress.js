// Writes a .br and a .gz beside each file that gets smaller, for the gateway of this machine.
// CloudFront compresses by itself. Run by infra/web/building.py with the folder of built pages.
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");

const TEXTS = /\.(?:html|js|mjs|css|json|svg|txt|xml|webmanifest|map|wasm|ttf|ico)$/;
// A smaller file fits into one packet either way.
const AT_LEAST = 1024;
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } };

function compress(file) {
    const content = fs.readFileSync(file);
    if (content.length < AT_LEAST) return;
    for (const [suffix, packed] of [
        [".br", zlib.brotliCompressSync(content, BROTLI)],
        [".gz", zlib.gzipSync(content)],
    ]) {
        if (packed.length < content.length) fs.writeFileSync(file + suffix, packed);
    }
}

function walk(folder) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const place = path.join(folder, entry.name);
        if (entry.isDirectory()) walk(place);
        else if (TEXTS.test(entry.name)) compress(place);
    }
}

walk(process.argv[2]);
