/**
 * A captcha in a browser. `wechat/captcha.ts` has the same names.
 *
 * Source: Turnstile, hCaptcha and reCAPTCHA share `render`, each under a name of its own.
 */

/** Whether a challenge can be shown here at all. */
export const CAN_CHALLENGE = true;

interface Provider {
  render(
    place: HTMLElement,
    options: {
      sitekey: string;
      callback: (token: string) => void;
      "expired-callback": () => void;
      "error-callback": () => void;
    },
  ): unknown;
}

const NAMES = ["turnstile", "hcaptcha", "grecaptcha"] as const;

/**
 * Show the challenge of a provider's script at a place of the page; `told` hears the token, and null
 * where that is no longer good. Rejects where the script does not load.
 */
export async function challenge(
  at: string,
  { script, siteKey }: { script: string; siteKey: string },
  told: (token: string | null) => void,
): Promise<void> {
  const provider = await load(script);
  const place = document.getElementById(at);
  if (place === null) return;
  // A place takes one challenge: each has a place of its own.
  const box = document.createElement("div");
  place.replaceChildren(box);
  const gone = () => told(null);
  const options = { "expired-callback": gone, "error-callback": gone };
  provider.render(box, { sitekey: siteKey, callback: told, ...options });
}

function there(): Provider | undefined {
  const known = window as unknown as Record<string, Provider | undefined>;
  // A script may define its name some moments before its calls.
  return NAMES.map((name) => known[name]).find((each) => typeof each?.render === "function");
}

const WAIT_MS = 100;
const MOST_WAITS = 50;

async function load(source: string): Promise<Provider> {
  if (!there()) await added(source);
  for (let waits = 0; waits < MOST_WAITS && !there(); waits += 1) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  const provider = there();
  if (provider === undefined) throw new Error("the captcha's script shows none");
  return provider;
}

function added(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve();
    script.onerror = () => {
      // The next try loads it anew.
      script.remove();
      reject(new Error("the captcha's script did not load"));
    };
    document.head.append(script);
  });
}
