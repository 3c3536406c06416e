import { credentials, sessionState } from "../session/session";

/** Say to a client of the SDK where this server is, and by whose credentials to sign. */
export const clientOptions = () => {
  const session = sessionState();
  return {
    endpoint: location.origin,
    region: session.status === "signedIn" ? session.region : "us-east-1",
    // Kept by the session, which knows when they end; the SDK would keep them longer.
    credentials: Object.assign(() => credentials(), { memoized: true }),
    // What is worth another attempt is for `attempt` to say.
    maxAttempts: 1,
  };
};

export const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
