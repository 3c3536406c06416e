import { IAMClient } from "@aws-sdk/client-iam";
import { addAttempts } from "./attempts";
import { clientOptions, once } from "./clientOptions";

export const iam = once(() => {
  const client = new IAMClient(clientOptions());
  addAttempts(client.middlewareStack);
  return client;
});
