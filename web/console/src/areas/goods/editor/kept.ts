import { flatOf, formOfFlat } from "./flat";
import { type ProductForm, firstForm } from "./form";

/** What a person was typing, and the product that it began from. */
export interface Draft {
  /** The version that `base` was; `null` for a new product. */
  version: number | null;
  base: ProductForm;
  form: ProductForm;
}

/** A draft in this window: it outlives a reload, and is one person's alone. */
export class KeptDraft {
  private readonly slot: string;

  constructor(
    who: string,
    product: string,
    private readonly kept: Pick<Storage, "getItem" | "setItem" | "removeItem"> = sessionStorage,
  ) {
    this.slot = `console:draft:${who}:${product}`;
  }

  read(): Draft | null {
    const found = this.kept.getItem(this.slot);
    if (found === null) return null;
    const { version, base, form } = JSON.parse(found) as Draft;
    return { version, base: whole(base), form: whole(form) };
  }

  keep(draft: Draft): void {
    try {
      this.kept.setItem(this.slot, JSON.stringify(draft));
    } catch {
      // Where the browser keeps nothing, the page itself still has what was typed.
    }
  }

  forget(): void {
    this.kept.removeItem(this.slot);
  }
}

/** A draft of an earlier release lacks what forms have gained since. */
function whole(form: ProductForm): ProductForm {
  return formOfFlat({ ...flatOf(firstForm()), ...flatOf(form) });
}
