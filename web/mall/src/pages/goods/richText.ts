/** A description's HTML, which the API keeps clean, made ready for `<rich-text>`. */

/** Styles of elements: no style sheet reaches inside `<rich-text>` in WeChat. */
const STYLES: Record<string, string> = {
  img: "max-width:100%;height:auto;display:block;margin:var(--space-2) auto",
  p: "margin:var(--space-2) 0",
  h2: "font-size:var(--text-strong);font-weight:600;margin:var(--space-4) 0 var(--space-2)",
  h3: "font-weight:600;margin:var(--space-3) 0 var(--space-1)",
  h4: "font-weight:600;margin:var(--space-2) 0",
  ul: "margin:var(--space-2) 0;padding-left:var(--space-5);list-style:disc",
  ol: "list-style:decimal;margin:var(--space-2) 0;padding-left:var(--space-5)",
  blockquote:
    "margin:var(--space-2) 0;padding-left:var(--space-3);border-left:3px solid var(--line-strong)",
  table: "width:100%;border-collapse:collapse;margin:var(--space-2) 0",
  td: "padding:var(--space-1);border:1px solid var(--line)",
  th: "padding:var(--space-1);border:1px solid var(--line);text-align:left",
};

/** A path of a picture needs the mall's host where the page has none. */
export function richText(html: string, host: string): string {
  return html
    .replace(/(<img\b[^>]*? src=")\/pictures\//g, `$1${host}/pictures/`)
    .replace(/<([a-z0-9]+)(?=[\s>])/g, (tag, name: string) =>
      name in STYLES ? `${tag} style="${STYLES[name]}"` : tag,
    );
}
