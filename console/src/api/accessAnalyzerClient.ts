import { AccessAnalyzerClient } from "@aws-sdk/client-accessanalyzer";
import { addAttempts } from "./attempts";
import { clientOptions, once } from "./clientOptions";

export const accessAnalyzer = once(() => {
  const client = new AccessAnalyzerClient(clientOptions());
  addAttempts(client.middlewareStack);
  return client;
});
