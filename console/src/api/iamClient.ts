import { IAMClient } from "@aws-sdk/client-iam";
import { clientOptions, once } from "./clientOptions";

export const iam = once(() => new IAMClient(clientOptions()));
