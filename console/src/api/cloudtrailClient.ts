import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { clientOptions, once } from "./clientOptions";

export const cloudtrail = once(() => new CloudTrailClient(clientOptions()));
