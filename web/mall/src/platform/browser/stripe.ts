/**
 * Stripe's elements, from Stripe's own host: they may not be served from another.
 *
 * Source: https://docs.stripe.com/js and https://docs.stripe.com/security/guide#validating-pci-compliance
 */

export interface Elements {
  /** Confirm the payment. Gives what is wrong with it in words, or null; the order tells the rest. */
  confirm(): Promise<string | null>;
  leave(): void;
}

interface StripeElements {
  create(kind: "payment"): { mount(at: string): void; destroy(): void };
}

interface Stripe {
  elements(options: { clientSecret: string }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }): Promise<{ error?: { message?: string } }>;
}

type MakeStripe = (publishableKey: string) => Stripe;

const SCRIPT = "https://js.stripe.com/v3/";

/** Show the payment element at a place of the page. Rejects where Stripe's script does not load. */
export async function mountElements(at: string, key: string, secret: string): Promise<Elements> {
  const stripe = (await load())(key);
  const elements = stripe.elements({ clientSecret: secret });
  const form = elements.create("payment");
  form.mount(at);
  const confirmParams = { return_url: window.location.href };
  return {
    confirm: async () => {
      const done = await stripe.confirmPayment({
        elements,
        confirmParams,
        redirect: "if_required",
      });
      return done.error?.message ?? null;
    },
    leave: () => form.destroy(),
  };
}

function load(): Promise<MakeStripe> {
  const loaded = () => (window as unknown as { Stripe?: MakeStripe }).Stripe;
  const known = loaded();
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.onload = () => resolve(loaded() as MakeStripe);
    script.onerror = () => reject(new Error("Stripe's script did not load"));
    document.head.append(script);
  });
}
