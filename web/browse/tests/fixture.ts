/** A tiny site with one fault of each kind, to see the harness find them. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'";
const WEIGHTY = `/* ${"x".repeat(5000)} */`;

const BODIES: Record<string, string> = {
  "/good": `<main><h1>Good</h1><a href="/good">Again</a> <button>Press</button></main>`,
  "/nameless": `<main><h1>Nameless</h1><button></button><img src="/dot.svg"></main>`,
  "/invisible": `<style>:focus { outline: none }</style><main><h1>Hidden</h1><button>Press</button></main>`,
  "/trap": `<main><h1>Trap</h1><button>In</button><button id="trap">Stay</button></main><script src="/trap.js"></script>`,
  "/inline": `<main><h1>Inline</h1></main><script>document.title = "ran"</script>`,
  "/eval": `<main><h1>Eval</h1></main><script src="/eval.js"></script>`,
  "/says": `<main><h1>Says</h1></main><script src="/says.js"></script>`,
  "/throws": `<main><h1>Throws</h1></main><script src="/throws.js"></script>`,
  "/rejects": `<main><h1>Rejects</h1></main><script src="/rejects.js"></script>`,
  "/lacks": `<main><h1>Lacks</h1></main><script src="/none.js"></script>`,
  "/heavy": `<main><h1>Heavy</h1></main><script src="/heavy.js"></script>`,
};
const SCRIPTS: Record<string, string> = {
  "/trap.js": `trap.addEventListener("keydown", (event) => event.preventDefault())`,
  "/eval.js": `try { new Function("return 1")() } catch {}`,
  "/says.js": `console.error("something is wrong")`,
  "/throws.js": `throw new Error("thrown")`,
  "/rejects.js": `Promise.reject(new Error("rejected"))`,
  "/heavy.js": WEIGHTY,
};

/** The site and its address; close it after the tests. */
export async function serveFixture(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const [status, type, content] = answerTo(request.url ?? "/");
    response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY });
    response.end(content);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answerTo(path: string): [number, string, string] {
  const [body, script] = [BODIES[path], SCRIPTS[path]];
  if (script !== undefined) return [200, "text/javascript", script];
  if (path === "/favicon.ico" || path === "/dot.svg") return [200, "image/svg+xml", "<svg/>"];
  if (body === undefined) return [404, "text/plain", "none"];
  return [200, "text/html; charset=utf-8", page(body)];
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><head><title>Fixture</title></head><body>${body}</body></html>`;
}
