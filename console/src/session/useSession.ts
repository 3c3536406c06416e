import { useSyncExternalStore } from "react";
import { type Identity, onSessionChange, type SessionState, sessionState } from "./session";

export const useSession = (): SessionState => useSyncExternalStore(onSessionChange, sessionState);

const NOBODY: Identity = { accountId: "", accountAlias: null, userName: null, arn: "" };

/** Give who is signed in; while the session is ending, nobody. */
export function useIdentity(): Identity {
  const session = useSession();
  return session.status === "signedIn" ? session.identity : NOBODY;
}
