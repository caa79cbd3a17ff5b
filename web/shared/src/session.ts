import { SignedOut } from "./failures";

/** An access token, whose it is, and the moment, in ms of this device's clock, from which it is not used. */
export interface Access {
  member: string;
  token: string;
  until: number;
}

/** How a client keeps its refresh token: a cookie in browsers, the app's storage elsewhere. */
export interface Renewal {
  /** Exchange the refresh token. `null`: there is none, or it is no longer good. */
  renew(): Promise<Access | null>;
  /** Whose session all windows of this client share now; `null`: nobody's. Absent: there is one window. */
  holder?(): string | null;
  /** An exchange that began before there was a session; `null`: none, or it was taken. */
  begun?(): Promise<Access | null> | null;
  /** Run one exchange at a time among all of this client's windows. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

/** A client without a refresh token. */
export const NO_RENEWAL: Renewal = { renew: () => Promise.resolve(null), alone: (task) => task() };

/** Seconds before its end from which a token is renewed rather than sent. */
const MARGIN_S = 30;

/** What to use of an answer that gives `member` an access token for `expires_in` seconds. */
export function accessOf(
  member: string,
  { access_token: token, expires_in }: { access_token: string; expires_in: number },
  now: number = Date.now(),
): Access {
  return { member, token, until: now + Math.max(expires_in - MARGIN_S, 1) * 1000 };
}

/**
 * The session of one window: its access token lives in memory alone.
 *
 * Requests that need a new token at once share one exchange. A session stays one member's: where
 * another window signs another member in, it is replaced, and sends nothing any more.
 */
export class Session {
  private access: Access | null = null;
  private renewing: Promise<Access | null> | null = null;
  private replaced = false;
  private readonly ended = new Set<(member: string) => void>();
  private readonly givenWay = new Set<() => void>();

  constructor(
    private readonly renewal: Renewal,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether another member's session took the place of this one. */
  get isReplaced(): boolean {
    return this.replaced;
  }

  /** Begin with the tokens of a sign-in. */
  begin(access: Access): void {
    this.access = access;
  }

  /** Forget the token, and tell who listens that the session ended. */
  end(): void {
    const { access } = this;
    this.access = null;
    if (access !== null) this.ended.forEach((told) => told(access.member));
  }

  /** Call `told` with the member each time that the session ends. */
  onEnd(told: (member: string) => void): void {
    this.ended.add(told);
  }

  /** Call `told` when another member's session takes the place of this one. */
  onReplaced(told: () => void): void {
    this.givenWay.add(told);
  }

  /** Learn what other windows did: they may have signed out, or signed another member in. */
  check(): void {
    const holder = this.renewal.holder?.();
    if (this.access === null || holder === undefined || holder === this.access.member) return;
    if (holder === null) this.end();
    else this.giveWay();
  }

  /** A token to send, renewed if it is old. `null`: nobody is signed in. Raises SignedOut. */
  async token(): Promise<string | null> {
    this.check();
    if (this.replaced) throw new SignedOut();
    if (this.access !== null && this.access.until > this.now()) return this.access.token;
    return this.renewal.holder?.() === null ? null : this.renew();
  }

  /** A new token in place of `refused`, which the API did not take. Raises SignedOut. */
  async instead(refused: string): Promise<string> {
    this.check();
    if (this.replaced) throw new SignedOut();
    const held = this.access?.token;
    const token = held !== undefined && held !== refused ? held : await this.renew();
    if (token === null) throw new SignedOut();
    return token;
  }

  /** Raises SignedOut where the new token is another member's. */
  private async renew(): Promise<string | null> {
    const member = this.member();
    this.renewing ??= this.exchange().finally(() => (this.renewing = null));
    const access = await this.renewing;
    if (!this.replaced) this.take(access, member);
    if (this.replaced) throw new SignedOut();
    return this.access?.token ?? null;
  }

  /** Whose this session is, as far as this window or another one knows. */
  private member(): string | null {
    return this.access?.member ?? this.renewal.holder?.() ?? null;
  }

  /** Go on with a new token of `member`, or of whoever signed in where that is null. */
  private take(access: Access | null, member: string | null): void {
    if (access === null) this.end();
    else if (member !== null && access.member !== member) this.giveWay();
    else {
      this.access = access;
      // A sign-in or a sign-out may have overtaken the exchange.
      this.check();
    }
  }

  private giveWay(): void {
    this.access = null;
    this.replaced = true;
    this.givenWay.forEach((told) => told());
  }

  private exchange(): Promise<Access | null> {
    return this.renewal.begun?.() ?? this.renewal.alone(() => this.renewal.renew());
  }
}
