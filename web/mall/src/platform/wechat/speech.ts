/** WeChat's own language is spoken to assistive software. `browser/speech.ts` has the same names. */

export function declareLanguage(): void {}
