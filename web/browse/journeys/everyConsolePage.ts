/** Every page of the console: the call that it reads by. `later/console.test.ts` tries each. */
import type roles from "../../console/src/roles.json";

type StaffCall = keyof typeof roles;

interface ConsolePage {
  /** Whoever may make this call sees the page. */
  reads: StaffCall;
}

export const EVERY_CONSOLE_PAGE: Record<string, ConsolePage> = {
  "/": { reads: "GET /v1/admin/overview" },
  "/search": { reads: "GET /v1/admin/members" },
  "/members": { reads: "GET /v1/admin/members" },
  "/members/:id": { reads: "GET /v1/admin/members/{id}" },
  "/earning-rules": { reads: "GET /v1/admin/earning-rules" },
  "/earning-rules/new": { reads: "POST /v1/admin/earning-rules" },
  "/earning-rules/:id": { reads: "GET /v1/admin/earning-rules/{id}" },
  "/adjustments": { reads: "GET /v1/admin/adjustments" },
  "/tasks": { reads: "GET /v1/admin/tasks" },
  "/orders": { reads: "GET /v1/admin/orders" },
  "/orders/shipping": { reads: "POST /v1/admin/imports/shipments" },
  "/orders/:id": { reads: "GET /v1/admin/orders/{id}" },
  "/reviews": { reads: "GET /v1/admin/reviews" },
  "/returns": { reads: "GET /v1/admin/returns" },
  "/returns/:id": { reads: "GET /v1/admin/returns/{id}" },
  "/refunds": { reads: "GET /v1/admin/refunds" },
  "/cod-remittances": { reads: "POST /v1/admin/cod-remittances" },
  "/products": { reads: "GET /v1/admin/products" },
  "/products/new": { reads: "POST /v1/admin/products" },
  "/products/:id": { reads: "GET /v1/admin/products/{id}" },
  "/categories": { reads: "GET /v1/admin/categories" },
  "/brands": { reads: "GET /v1/admin/brands" },
  "/freight": { reads: "GET /v1/admin/freight-templates" },
  "/skus": { reads: "GET /v1/admin/skus/{sku}" },
  "/skus/:sku": { reads: "GET /v1/admin/skus/{sku}" },
  "/skus/:sku/movements": { reads: "GET /v1/admin/skus/{sku}/movements" },
  "/stock-alerts": { reads: "GET /v1/admin/stock-alerts" },
  "/sellers": { reads: "GET /v1/admin/reports/sellers" },
  "/code-pools": { reads: "GET /v1/admin/code-pools/{sku}" },
  "/code-pools/:sku": { reads: "GET /v1/admin/code-pools/{sku}" },
  "/counter": { reads: "GET /v1/admin/vouchers/{code}" },
  "/stores": { reads: "GET /v1/admin/stores" },
  "/slots": { reads: "GET /v1/admin/slots" },
  "/slots/:id": { reads: "GET /v1/admin/slots/{id}/bookings" },
  "/withdrawals": { reads: "GET /v1/admin/withdrawals" },
  "/withdrawals/:id": { reads: "GET /v1/admin/withdrawals/{id}" },
  "/bank-files": { reads: "GET /v1/admin/bank-files" },
  "/invoices": { reads: "GET /v1/admin/invoices" },
  "/invoices/:id": { reads: "GET /v1/admin/invoices/{id}" },
  "/settlements": { reads: "GET /v1/admin/settlements" },
  "/settlements/:id": { reads: "GET /v1/admin/settlements/{id}" },
  "/trial-balances": { reads: "GET /v1/admin/trial-balances/{month}" },
  "/findings": { reads: "GET /v1/admin/reconciliation-findings" },
  "/reconciliations": { reads: "GET /v1/admin/reconciliations" },
  "/reconciliations/:day": { reads: "GET /v1/admin/reconciliations/{day}" },
  "/liability": { reads: "GET /v1/admin/liability" },
  "/totals": { reads: "GET /v1/admin/ledger/totals" },
  "/verification": { reads: "GET /v1/admin/ledger/verify" },
  "/audit": { reads: "GET /v1/admin/audit" },
  "/jobs": { reads: "GET /v1/admin/jobs/{id}" },
  "/webhooks": { reads: "GET /v1/admin/webhooks" },
  "/parked": { reads: "GET /v1/admin/parked" },
};
