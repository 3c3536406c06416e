import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { extractDataUrls } from "./build/extract-data-urls.ts";
import { precompress } from "./build/precompress.ts";

const SERVER = process.env.KEYWRIGHT_URL ?? "http://127.0.0.1:4580";
const isForServer = (method: string | undefined, path: string): boolean => method === "POST" && path.startsWith("/");

/** What the first page of a list needs of Cloudscape; it comes with all that it needs itself. */
const FIRST_DESIGN = new RegExp(
  "node_modules[\\\\/]@cloudscape-design[\\\\/](?:collection-hooks|global-styles|components[\\\\/](?:alert|app-layout|autosuggest|box|" +
    "breadcrumb-group|button|collection-preferences|content-layout|expandable-section|flashbar|header|help-panel|i18n|link|" +
    "pagination|side-navigation|space-between|status-indicator|table|text-filter|top-navigation))[\\\\/]",
);
/** What every page needs of ours. */
const FIRST_APP =
  /src[\\/](?:shell|session|paths|I18n|help[\\/]UsersHelp|parts[\\/](?:App|Cell|Key|Page|Problem|Resource|time|useA|useR|Waiting))|preload-helper/;

export default defineConfig({
  plugins: [react(), extractDataUrls(), precompress()],
  build: {
    outDir: resolve(import.meta.dirname, process.env.KEYWRIGHT_CONSOLE_OUT ?? "../src/keywright/console_static"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](?:react|react-dom|react-router|react-router-dom|react-is|scheduler)[\\/]/, priority: 30 },
            { name: "aws", test: /node_modules[\\/](?:@aws-sdk[\\/](?!client-(?:cloudtrail|accessanalyzer)[\\/])|@smithy[\\/]|@aws-crypto[\\/])/, priority: 30 },
            { name: "design", test: FIRST_DESIGN, priority: 20 },
            { name: "app", test: FIRST_APP, priority: 15 },
            { name: "editor", test: /node_modules[\\/](?:@codemirror|@lezer)[\\/]/, priority: 10 },
            { name: "charts", test: /node_modules[\\/]@cloudscape-design[\\/]components[\\/]bar-chart[\\/]/, priority: 10 },
            { name: "calendar", test: /node_modules[\\/]@cloudscape-design[\\/]components[\\/]date-range-picker[\\/]/, priority: 8 },
            { name: "more-design", test: /node_modules[\\/]@cloudscape-design[\\/]/, priority: 5 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "^/(?:signin.*)?$": {
        target: SERVER,
        bypass: (request) => (isForServer(request.method, request.url ?? "/") ? undefined : request.url),
      },
      "^/(?:policy|authorization-details)": { target: SERVER },
    },
  },
});
