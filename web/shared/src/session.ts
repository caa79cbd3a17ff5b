import { SignedOut } from "./failures";

/** An access token and the moment, in ms of this device's clock, from which it is not used. */
export interface Access {
  token: string;
  until: number;
}

/** How a client keeps its refresh token: a cookie in browsers, the app's storage elsewhere. */
export interface Renewal {
  /** Exchange the refresh token. `null`: there is none, or it is no longer good. */
  renew(): Promise<Access | null>;
  /** Whether the client still keeps one: another of its windows may have signed out. */
  lasts?(): boolean;
  /** Run one exchange at a time among all of this client's windows. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

/** A client without a refresh token. */
export const NO_RENEWAL: Renewal = { renew: () => Promise.resolve(null), alone: (task) => task() };

/** Seconds before its end from which a token is renewed rather than sent. */
const MARGIN_S = 30;

/** The access token to use from an answer that gives one for `expires_in` seconds. */
export function accessOf(
  { access_token: token, expires_in }: { access_token: string; expires_in: number },
  now: number = Date.now(),
): Access {
  return { token, until: now + Math.max(expires_in - MARGIN_S, 1) * 1000 };
}

/**
 * The session of one client: its access token lives in memory alone.
 *
 * Requests that need a new token at once share one exchange.
 */
export class Session {
  private access: Access | null = null;
  private renewing: Promise<Access | null> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly renewal: Renewal,
    private readonly now: () => number = Date.now,
  ) {}

  /** Begin with the tokens of a sign-in. */
  begin(access: Access): void {
    this.access = access;
  }

  /** Forget the token, and tell who listens that the session ended. */
  end(): void {
    const began = this.access !== null;
    this.access = null;
    if (began) this.listeners.forEach((told) => told());
  }

  /** Call `told` each time that the session ends. */
  onEnd(told: () => void): void {
    this.listeners.add(told);
  }

  /** A token to send, renewed if it is old. `null`: nobody is signed in. */
  async token(): Promise<string | null> {
    if (this.renewal.lasts?.() === false) this.end();
    if (this.access !== null && this.access.until > this.now()) return this.access.token;
    return this.renew();
  }

  /** A new token in place of `refused`, which the API did not take. Raises SignedOut. */
  async instead(refused: string): Promise<string> {
    const held = this.access?.token;
    const token = held !== undefined && held !== refused ? held : await this.renew();
    if (token === null) throw new SignedOut();
    return token;
  }

  private async renew(): Promise<string | null> {
    this.renewing ??= this.renewal
      .alone(() => this.renewal.renew())
      .finally(() => (this.renewing = null));
    const access = await this.renewing;
    if (access === null) this.end();
    else this.access = access;
    return access?.token ?? null;
  }
}
