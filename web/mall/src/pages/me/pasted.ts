/** An address that was pasted whole: a name, a phone and a place in one text, split into fields. */

interface Named {
  name: string;
}

interface Pasted {
  recipient: string;
  phone: string;
  postal_code: string;
  /** Province, city, district and street, as one text. */
  place: string;
}

const MOBILE = /(^|[^\d])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/;
const LANDLINE = /(^|[^\d])(0\d{2,3})[- ]?(\d{7,8})(?!\d)/;
const POSTAL = /(^|[^\d])(\d{6})(?!\d)/;
const NAMED = /(?:收货人|收件人|联系人|姓名)\s*[:：]\s*([^\s,，;；]{1,20})/;
const LABELS =
  /(?:收货人|收件人|联系人|姓名|手机号码|手机号|手机|联系电话|电话|所在地区|地区|详细地址|收货地址|地址|邮政编码|邮编)\s*[:：]/g;
const BREAK = /[\s,，;；|]+/;
const NAME = /^[\u4e00-\u9fff·]{2,4}$/;
const OF_PLACE = /[省市区县镇乡村路街道号栋幢楼室旗盟州]$/;

/** What a text tells; what it does not tell is empty. `provinces` begin a place, never a name. */
export function readPasted(text: string, provinces: readonly Named[]): Pasted {
  let left = text.trim();
  const take = (pattern: RegExp, read: (found: string[]) => string) => {
    const found = pattern.exec(left);
    if (found === null) return "";
    left = left.replace(found[0], `${found[1]} `);
    return read(found);
  };
  const named = NAMED.exec(left);
  if (named) left = left.replace(named[0], " ");
  const phone =
    take(MOBILE, ([, , ...digits]) => digits.join("")) ||
    take(LANDLINE, ([, , area, number]) => `${area}-${number}`);
  const postal_code = take(POSTAL, ([, , digits]) => digits ?? "");
  const pieces = left.replace(LABELS, " ").split(BREAK).filter(Boolean);
  const recipient = named?.[1] ?? takeName(pieces, provinces);
  return { recipient, phone, postal_code, place: pieces.join("") };
}

/** A name stands at one end of the text. */
function takeName(pieces: string[], provinces: readonly Named[]): string {
  const isName = (piece = "") =>
    NAME.test(piece) && !OF_PLACE.test(piece) && partAtStart(piece, provinces) === null;
  if (pieces.length < 2) return "";
  if (isName(pieces[0])) return pieces.shift() ?? "";
  return isName(pieces[pieces.length - 1]) ? (pieces.pop() ?? "") : "";
}

/** The division with whose name, or its short form, a text begins, and what follows it. */
export function partAtStart<Part extends Named>(
  text: string,
  parts: readonly Part[],
): { part: Part; rest: string } | null {
  let best: { part: Part; length: number } | null = null;
  for (const part of parts) {
    for (const name of [part.name, shortOf(part.name)]) {
      if (name.length < 2 || !text.startsWith(name)) continue;
      if (best === null || name.length > best.length) best = { part, length: name.length };
    }
  }
  return best && { part: best.part, rest: text.slice(best.length) };
}

/** `浙江省` as people write it: `浙江`. */
function shortOf(name: string): string {
  return name.replace(/(?:(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟|区|县)$/, "");
}
