import "./trusted-xml";
import "@cloudscape-design/global-styles/index.css";
import "./console.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router-dom";
import { I18n } from "./I18n";
import { makeRouter } from "./router";
import { onSessionChange, resumeSession, sessionState } from "./session/session";
import { placeOfAwsLink, placeOfSignIn } from "./session/wayBack";
import { applyTheme } from "./shell/theme";

applyTheme();

// Who is signed in is known before anything is loaded for them.
const isSignedIn = await resumeSession().catch(() => false);
// Refusals point to AWS's console: /iam/home#/authorization-details/ID.
if (location.pathname === "/iam/home") history.replaceState(null, "", placeOfAwsLink(location.hash));
if (!isSignedIn && location.pathname !== "/console/sign-in") history.replaceState(null, "", placeOfSignIn(location, "none"));

const router = makeRouter();
// A new document for whoever comes next: the SDK's clients keep the credentials that they were given, and pages their data.
onSessionChange(() => {
  const session = sessionState();
  if (session.status === "signedOut") location.replace(placeOfSignIn(location, session.reason));
});

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <I18n>
      <RouterProvider router={router} />
    </I18n>
  </StrictMode>,
);
