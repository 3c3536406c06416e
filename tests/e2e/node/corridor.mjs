// The guide's flow by the AWS SDK for JavaScript. The endpoint and the administrator's key come from the environment,
// as for any program of its users; what was found goes to standard output as one JSON object.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.NODE_SDK, "package.json"));
const iamSdk = require("@aws-sdk/client-iam");
const s3Sdk = require("@aws-sdk/client-s3");
const { STSClient, GetCallerIdentityCommand, GetSessionTokenCommand } = require("@aws-sdk/client-sts");

const once = { maxAttempts: 1 };
const UserName = "node-user";
const found = {};

/** Send a command that is refused; give what the refusal says. */
async function refusal(client, command) {
  try {
    await client.send(command);
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata.httpStatusCode };
  }
  throw new Error(`${command.constructor.name} was not refused`);
}

const admin = new iamSdk.IAMClient(once);
found.created = (await admin.send(new iamSdk.CreateUserCommand({ UserName, Path: "/sdk/" }))).User;
await admin.send(
  new iamSdk.AttachUserPolicyCommand({ UserName, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
);
const { AccessKey } = await admin.send(new iamSdk.CreateAccessKeyCommand({ UserName }));
await new s3Sdk.S3Client({ ...once, forcePathStyle: true }).send(
  new s3Sdk.CreateBucketCommand({ Bucket: "node-bucket" }),
);

const credentials = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
const sts = new STSClient({ ...once, credentials });
found.identity = await sts.send(new GetCallerIdentityCommand({}));
const own = new iamSdk.IAMClient({ ...once, credentials });
found.user = (await own.send(new iamSdk.GetUserCommand({}))).User;
const s3 = new s3Sdk.S3Client({ ...once, credentials, forcePathStyle: true });
found.buckets = (await s3.send(new s3Sdk.ListBucketsCommand({}))).Buckets.map((bucket) => bucket.Name);
found.denied = await refusal(own, new iamSdk.CreateUserCommand({ UserName: "other" }));
found.missing = await refusal(own, new iamSdk.GetUserCommand({ UserName: "nobody" }));

const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
const session = {
  accessKeyId: Credentials.AccessKeyId,
  secretAccessKey: Credentials.SecretAccessKey,
  sessionToken: Credentials.SessionToken,
};
found.sessionIdentity = await new STSClient({ ...once, credentials: session }).send(new GetCallerIdentityCommand({}));

const slip = { ...credentials, secretAccessKey: "x".repeat(40) };
found.slip = await refusal(new STSClient({ ...once, credentials: slip }), new GetCallerIdentityCommand({}));
await admin.send(new iamSdk.DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey.AccessKeyId }));
found.deleted = await refusal(sts, new GetCallerIdentityCommand({}));

console.log(JSON.stringify(found));
