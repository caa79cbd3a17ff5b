/** The device behind a user agent, in the names that people know. */
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];
/** The first that fits: many user agents name the browsers that they resemble, too. */
const APPS: [RegExp, string][] = [
  [/MicroMessenger/, "WeChat"],
  [/AlipayClient/, "Alipay"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/QQBrowser/, "QQ Browser"],
  [/Firefox\/|FxiOS/, "Firefox"],
  [/Chrome\/|CriOS/, "Chrome"],
  [/Safari\//, "Safari"],
];

/** Such as `Chrome · Windows`; the user agent itself where it names none; `null` for none. */
export function deviceOf(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const found = [first(APPS, userAgent), first(SYSTEMS, userAgent)].filter(Boolean);
  return found.length > 0 ? found.join(" · ") : userAgent;
}

function first(names: [RegExp, string][], userAgent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1];
}
