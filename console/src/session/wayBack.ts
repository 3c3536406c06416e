import { paths } from "../paths";
import type { SignedOutReason } from "./session";

/** Give the address of the sign-in page, which leads back to where one was. */
export function placeOfSignIn(here: { pathname: string; search: string }, reason: SignedOutReason): string {
  const query = new URLSearchParams();
  if (reason !== "none") query.set("reason", reason);
  const from = here.pathname + here.search;
  if (reason !== "left" && here.pathname.startsWith(`${paths.home}/`) && here.pathname !== paths.signIn) query.set("next", from);
  const account = new URLSearchParams(here.search).get("account");
  if (account !== null && here.pathname !== paths.signIn) query.set("account", account);
  const text = query.toString();
  return paths.signIn + (text === "" ? "" : `?${text}`);
}

/** Give the page that an address of AWS's IAM console means, by what follows its `#`. */
export function placeOfAwsLink(hash: string): string {
  const id = /^#\/authorization-details\/([0-9a-z]+)$/.exec(hash)?.[1];
  return id === undefined ? paths.dashboard : paths.denial(id);
}

/** Read where to go after signing in: a page of this console, or its home. */
export function placeAfterSignIn(query: URLSearchParams): string {
  const next = query.get("next") ?? paths.home;
  return /^\/console(?:[/?]|$)/.test(next) && !next.startsWith(paths.signIn) ? next : paths.home;
}
