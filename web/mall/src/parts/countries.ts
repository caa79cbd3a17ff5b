/** Countries by their names. */

/** Countries and territories with phone numbers of their own: the API checks a phone by them. Source: ISO 3166-1. */
const CODES =
  "CN HK MO TW AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO " +
  "BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC " +
  "EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HN HR " +
  "HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK " +
  "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF " +
  "NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD " +
  "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TZ UA " +
  "UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

const COUNTRIES = CODES.split(" ");
/** They stand first, and are named as a shop in China names them: the language files say how. */
const NEAR = COUNTRIES.slice(0, 4);

/** The names of the near ones, as `t` has them. */
export function nearNames(t: (key: string) => string): Record<string, string> {
  return Object.fromEntries(NEAR.map((code) => [code, t(`address.near.${code}`)]));
}

export const HOME_COUNTRY = "CN";

interface Country {
  value: string;
  text: string;
}

/** Gives a country's name in a language; `near` has the names of the near ones. */
export function countryNames(
  language: string,
  near: Record<string, string>,
): (code: string) => string {
  // Older mini programs have no such names.
  const names =
    "DisplayNames" in Intl ? new Intl.DisplayNames([language], { type: "region" }) : null;
  return (code) => near[code] ?? names?.of(code) ?? code;
}

/** All countries to choose from: the near ones, then the others by their names. */
export function countries(language: string, near: Record<string, string>): Country[] {
  const nameOf = countryNames(language, near);
  const named = COUNTRIES.map((value) => ({ value, text: nameOf(value) }));
  const order = new Intl.Collator(language);
  const others = named.slice(NEAR.length).sort((a, b) => order.compare(a.text, b.text));
  return [...named.slice(0, NEAR.length), ...others];
}
