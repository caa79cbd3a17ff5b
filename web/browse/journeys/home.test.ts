import { matrix } from "../harness/claims";

matrix("a visitor reads and reaches everything of the first page", async ({ open }) => {
  const window = await open("/");
  await window.page.getByRole("link").first().waitFor();
  await window.axe();
  await window.walk();
});
