/** The language of this browser. `wechat/speech.ts` has the same names. */

/** Tell assistive software, the browser and uni-app's own parts which language is spoken. */
export function declareLanguage(language: string): void {
  document.documentElement.lang = language;
  uni.setLocale(language === "en" ? "en" : "zh-Hans");
}
