import { AccessAnalyzerClient } from "@aws-sdk/client-accessanalyzer";
import { clientOptions, once } from "./clientOptions";

export const accessAnalyzer = once(() => new AccessAnalyzerClient(clientOptions()));
