/**
 * Let the SDK's XML parser work under `require-trusted-types-for 'script'`.
 *
 * Only `application/xml` is let through: a document parsed as XML by DOMParser runs nothing and is never shown.
 */
if ("trustedTypes" in window) {
  const policy = window.trustedTypes.createPolicy("kw-xml", { createHTML: (xml) => xml });
  const parse = DOMParser.prototype.parseFromString;
  DOMParser.prototype.parseFromString = function (text, type) {
    return parse.call(this, type === "application/xml" ? (policy.createHTML(text as string) as unknown as string) : text, type);
  };
}

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): { createHTML(text: string): object };
}

declare global {
  interface Window {
    trustedTypes: TrustedTypePolicyFactory;
  }
}

export {};
