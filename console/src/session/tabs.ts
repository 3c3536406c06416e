/** What a tab tells the others of this browser; nothing of it is secret. */
export type TabMessage = { kind: "signedOut" } | { kind: "signedIn"; arn: string };

const NAME = "keywright.session";

export interface Tabs {
  tell: (message: TabMessage) => void;
  listen: (listener: (message: TabMessage) => void) => void;
}

/** Open the way from tab to tab: the browser keeps it within this server's own pages. */
export function openTabs(): Tabs {
  const channel = new BroadcastChannel(NAME);
  return {
    tell: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener("message", ({ data }) => listener(data)),
  };
}
