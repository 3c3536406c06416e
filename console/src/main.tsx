import "./trusted-xml";
import "@cloudscape-design/global-styles/index.css";
import "./console.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router-dom";
import { I18n } from "./I18n";
import { makeRouter } from "./router";
import { joinTabs, onSessionChange, resumeSession, sessionState } from "./session/session";
import { openTabs } from "./session/tabs";
import { placeOfAwsLink, placeOfSignIn } from "./session/wayBack";
import { notify } from "./shell/notices";
import { applyTheme } from "./shell/theme";

applyTheme();

// Who is signed in is known before anything is loaded for them.
const isSignedIn = await resumeSession().catch(() => false);
// Refusals point to AWS's console: /iam/home#/authorization-details/ID.
if (location.pathname === "/iam/home") history.replaceState(null, "", placeOfAwsLink(location.hash));
if (!isSignedIn && location.pathname !== "/console/sign-in") history.replaceState(null, "", placeOfSignIn(location, "none"));


const REPLACED = { isReplaced: true };
if (history.state?.isReplaced) {
  const session = sessionState();
  history.replaceState(null, "");
  if (session.status === "signedIn") {
    notify("info", `You signed in as ${session.identity.userName ?? "the root user"} in another tab, so this tab is ${session.identity.userName ?? "the root user"}'s, too.`);
  }
}

const router = makeRouter();
joinTabs(openTabs());
// A new document for whoever comes next: pages keep what they have shown.
onSessionChange(() => {
  const session = sessionState();
  if (session.status === "signedIn") return;
  if (session.reason !== "replaced") return location.replace(placeOfSignIn(location, session.reason));
  history.replaceState(REPLACED, "");
  location.reload();
});

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <I18n>
      <RouterProvider router={router} />
    </I18n>
  </StrictMode>,
);
