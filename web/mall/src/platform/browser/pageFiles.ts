/** The files of each page, which the build lists in index.html. */

const LIST = "page-files";

/** The page that the address asks for, such as `pages/home/index`. */
export function askedPage(): string {
  return window.location.pathname.slice(1) || "pages/home/index";
}

/** Fetch the files of a page: the router names them only after the mall has started. */
export function fetchFiles(page: string): void {
  const list = document.getElementById(LIST)?.textContent || "{}";
  const files = (JSON.parse(list) as Record<string, string[]>)[page] ?? [];
  document.head.append(...files.map(preload));
}

function preload(file: string): HTMLLinkElement {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.crossOrigin = "";
  link.href = file;
  return link;
}
