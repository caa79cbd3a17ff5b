/** Everything that goes wrong in a page without anybody looking. */
import type { CDPSession, ConsoleMessage, Page, Request, Response } from "playwright-core";

type Kind = "console" | "csp" | "exception" | "request" | "answer";

interface Fault {
  kind: Kind;
  said: string;
}

/** Chromium's own line about an answer that is recorded as such. */
const ABOUT_ANSWERS = /^Failed to load resource:/;
/** What Audits calls a violation of the content security policy. */
const CSP_ISSUE = "ContentSecurityPolicyIssue";

interface Issue {
  issue: {
    code: string;
    details: {
      contentSecurityPolicyIssueDetails?: {
        violatedDirective: string;
        blockedURL?: string;
        contentSecurityPolicyViolationType: string;
      };
    };
  };
}

/** Collects the faults of a page; those that a claim expects are allowed by name. */
export class Faults {
  private readonly found: Fault[] = [];
  private readonly allowed: RegExp[] = [];

  async watch(page: Page): Promise<void> {
    page.on("console", (message) => this.noteMessage(message));
    page.on("pageerror", (error) => this.note("exception", error.stack ?? error.message));
    page.on("requestfailed", (request) => this.noteRequest(request));
    page.on("response", (response) => this.noteResponse(response));
    const session = await page.context().newCDPSession(page);
    await watchPolicy(session, (said) => this.note("csp", said));
  }

  /** Faults whose `kind: words` match are expected, such as `/answer: 409 POST .*orders/`. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  get unexpected(): Fault[] {
    return this.found.filter((fault) => !this.allowed.some((one) => one.test(wordsOf(fault))));
  }

  /** Raises Error that lists every unexpected fault. */
  check(): void {
    const lines = this.unexpected.map((fault) => `  ${wordsOf(fault)}`);
    if (lines.length > 0) throw new Error(`The page has faults:\n${lines.join("\n")}`);
  }

  private noteMessage(message: ConsoleMessage): void {
    if (message.type() !== "error" || ABOUT_ANSWERS.test(message.text())) return;
    this.note("console", `${message.text()} (${message.location().url})`);
  }

  private noteRequest(request: Request): void {
    const why = request.failure()?.errorText ?? "failed";
    // A page that is left, or a fetch that is called off, is no fault.
    if (why !== "net::ERR_ABORTED") {
      this.note("request", `${why} ${request.method()} ${request.url()}`);
    }
  }

  private noteResponse(response: Response): void {
    if (response.status() < 400) return;
    this.note("answer", `${response.status()} ${response.request().method()} ${response.url()}`);
  }

  private note(kind: Kind, said: string): void {
    this.found.push({ kind, said });
  }
}

export function wordsOf(fault: Fault): string {
  return `${fault.kind}: ${fault.said}`;
}

/** Also what no console line tells of, such as an eval that a library tries and gives up. */
async function watchPolicy(session: CDPSession, told: (said: string) => void): Promise<void> {
  session.on("Audits.issueAdded", ({ issue }: Issue) => {
    const details = issue.details.contentSecurityPolicyIssueDetails;
    if (issue.code !== CSP_ISSUE || details === undefined) return;
    const what = details.blockedURL ?? details.contentSecurityPolicyViolationType;
    told(`${details.violatedDirective} refuses ${what}`);
  });
  await session.send("Audits.enable");
}
