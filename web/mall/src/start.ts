/**
 * The first script of a page in a browser: small, so that it runs while the mall's is on its way.
 *
 * It begins at once what would else wait for that: the files of the page that is asked for, the words
 * of one language, the session, and what the page reads first.
 */
import { learn } from "#platform/words";
import { begin } from "@/platform/begun";
import { askedPage, fetchFiles } from "@/platform/browser/pageFiles";
import { firstReads } from "@/platform/firstReads";
import { firstLanguage } from "@/platform/language";

const page = askedPage();
const language = firstLanguage();
fetchFiles(page);
void learn(language).then(() => import("./main"));
const query = new URLSearchParams(window.location.search);
begin((isMember) => firstReads(page, query, isMember), language);
