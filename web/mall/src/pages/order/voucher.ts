/** How a voucher is shown: its code in groups, its QR as a picture. */

export function spaced(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1 ");
}

/** The address of an SVG as a picture: no markup of an answer becomes a part of the page. */
export function qrPicture(svg: string): string {
  const named = svg.includes("xmlns=")
    ? svg
    : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml;utf8,${encodeURIComponent(named)}`;
}
