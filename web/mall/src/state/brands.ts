/** The mall's brands. */
import { answer, jifen } from "@/state/jifen";

/** The longest page of a list. */
const MOST = 100;

/** A brand's name: what a product says of it where no list has it. */
export async function brandName(brand: string): Promise<string> {
  const query = { limit: MOST };
  const { data } = await answer(jifen.GET("/v1/brands", { params: { query } }));
  return data.find(({ id }) => id === brand)?.title ?? brand;
}
