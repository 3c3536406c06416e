import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const DATA_URL = /url\(\s*(["']?)data:([a-z]+\/[a-z0-9.+-]+)(?:;charset=[\w-]+)?(;base64)?,([^"')]*|(?:(?!\1\)).)*)\1\s*\)/gi;
const EXTENSIONS: Record<string, string> = {
  "image/svg+xml": "svg",
  "font/woff2": "woff2",
  "font/woff": "woff",
  "application/font-woff2": "woff2",
  "application/font-woff": "woff",
  "application/x-font-woff": "woff",
};

/**
 * Write the fonts and pictures that Cloudscape embeds in its CSS to files of their own.
 *
 * They are then fetched when they are used, and the policy of the page needs no `font-src data:`.
 */
export function extractDataUrls(): Plugin {
  return {
    name: "extract-data-urls",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(DATA_URL, (whole, _quote, type: string, base64, content: string) => {
          const extension = EXTENSIONS[type.toLowerCase()];
          if (extension === undefined) return whole;
          const source = base64 ? Buffer.from(content, "base64") : Buffer.from(decodeURIComponent(content));
          const digest = createHash("sha256").update(source).digest("hex").slice(0, 8);
          const fileName = `assets/embedded-${digest}.${extension}`;
          if (!(fileName in bundle)) this.emitFile({ type: "asset", fileName, source });
          return `url(/${fileName})`;
        });
      }
    },
  };
}
