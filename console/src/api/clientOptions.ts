import { credentials, sessionState } from "../session/session";

/** Say to a client of the SDK where this server is, and by whose credentials to sign. */
export const clientOptions = () => {
  const session = sessionState();
  return {
    endpoint: location.origin,
    region: session.status === "signedIn" ? session.region : "us-east-1",
    credentials: () => credentials(),
    maxAttempts: 2,
  };
};

export const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
