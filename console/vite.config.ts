import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { extractDataUrls } from "./build/extract-data-urls";
import { precompress } from "./build/precompress";

const SERVER = process.env.KEYWRIGHT_URL ?? "http://127.0.0.1:4580";
const isForServer = (method: string | undefined, path: string): boolean => method === "POST" && path.startsWith("/");

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
          includeDependenciesRecursively: false,
          groups: [
            { name: "react", test: /node_modules[\\/](?:react|react-dom|react-router|react-router-dom|scheduler)[\\/]/, priority: 30 },
            { name: "editor", test: /node_modules[\\/](?:@codemirror|@lezer|style-mod|w3c-keyname|crelt)[\\/]/, priority: 25 },
            { name: "charts", test: /node_modules[\\/](?:@cloudscape-design[\\/]components[\\/](?:bar-chart|line-chart|mixed-line-bar-chart|pie-chart|area-chart|internal[\\/]components[\\/](?:cartesian|chart))|d3-)/, priority: 22 },
            { name: "calendar", test: /node_modules[\\/](?:@cloudscape-design[\\/]components[\\/](?:date-range-picker|date-picker|calendar|date-input|time-input)|date-fns|weekstart)[\\/]/, priority: 21 },
            { name: "wizard", test: /node_modules[\\/]@cloudscape-design[\\/]components[\\/](?:wizard|tiles|radio-group|multiselect|property-filter|attribute-editor|tag-editor|steps|code-editor)[\\/]/, priority: 21 },
            { name: "design", test: /node_modules[\\/]@cloudscape-design[\\/]/, priority: 20 },
            { name: "app", test: /src[\\/](?:parts|shell|session|api|help|paths)/, priority: 15 },
            { name: "aws", test: /node_modules[\\/](?:@aws-sdk|@smithy|@aws-crypto)[\\/]/, priority: 20 },
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
