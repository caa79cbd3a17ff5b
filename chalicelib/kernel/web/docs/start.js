Scalar.createApiReference("#viewer", {
  servers: [{ url: new URL(".", location.href).href.replace(/\/$/, "") }],
  url: "openapi.json?language=" + document.documentElement.lang,
  localization: { locale: document.documentElement.lang },
  customCss:
    "#language { position: fixed; right: 12px; bottom: 12px; z-index: 10; padding: 4px 12px;" +
    " border-radius: 16px; font: 14px system-ui, sans-serif; text-decoration: none;" +
    " color: var(--scalar-background-1); background: var(--scalar-color-1); }",
  authentication: { preferredSecurityScheme: "bearer" },
  persistAuth: true,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  documentDownloadType: "json",
  defaultOpenFirstTag: false,
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  operationTitleSource: "summary",
});
