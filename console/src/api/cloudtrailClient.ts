import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { addAttempts } from "./attempts";
import { clientOptions, once } from "./clientOptions";

export const cloudtrail = once(() => {
  const client = new CloudTrailClient(clientOptions());
  addAttempts(client.middlewareStack);
  return client;
});
